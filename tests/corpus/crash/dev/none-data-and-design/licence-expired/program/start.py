from datetime import date
from pathlib import Path

from licence import check, load
from product import start


def main():
    licence = load(Path(__file__).with_name("licence.txt"))
    check(licence, date.today(), "cluster")
    print(start(licence))


if __name__ == "__main__":
    main()
