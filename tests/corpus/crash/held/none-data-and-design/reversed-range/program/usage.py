import sys
from datetime import date

from period import Period, PeriodError
from usage_data import total


def parse(argv):
    if len(argv) != 2:
        sys.exit("usage: usage.py FIRST LAST (as 2024-05-01)")
    try:
        return Period(*(date.fromisoformat(text) for text in argv))
    except (ValueError, PeriodError) as error:
        sys.exit(f"error: {error}")


def main(argv):
    period = parse(argv)
    print(total(period))


if __name__ == "__main__":
    main(sys.argv[1:])
