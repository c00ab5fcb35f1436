from monitor.config import load
from monitor.schedule import plan

TEXT = """
home  https://example.org/       60
login https://example.org/login
"""


def main():
    probes = load(TEXT)
    for second, name in plan(probes, until=120):
        print(second, name)


if __name__ == "__main__":
    main()
