import json
from pathlib import Path

from policy import Policy

FILES = [("plan.pdf", 120_000), ("photo.png", 2_400_000), ("setup.exe", 90_000)]


def main():
    policy = Policy.from_dict(json.loads(Path(__file__).with_name("policy.json").read_text()))
    for name, size in FILES:
        policy.check(name, size)
        print("taken:", name)


if __name__ == "__main__":
    main()
