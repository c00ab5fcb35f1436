import csv
import pathlib

from shops import SHOPS

FOLDER = pathlib.Path(__file__).parent / "import"


def read_regions():
    with open(FOLDER / "regions.csv", newline="", encoding="utf-8") as handle:
        return {row["zip"]: row["region"] for row in csv.DictReader(handle)}


def read_holidays():
    with open(FOLDER / "Holidays.txt", encoding="utf-8") as handle:
        return [line.strip() for line in handle]


def by_region():
    regions = read_regions()
    result = {}
    for name, code in SHOPS:
        result.setdefault(regions[code], []).append(name)
    return result


def main():
    print(by_region(), len(read_holidays()))


if __name__ == "__main__":
    main()
