from pathlib import Path

from guard import check
from steps import STEPS


def main():
    window = Path(__file__).with_name("MAINTENANCE")
    for name, step in STEPS:
        check(window)
        print(name, step())


if __name__ == "__main__":
    main()
