"""Take in the order files that partners left overnight."""
import json
from pathlib import Path

from intake.reader import read_all
from intake.totals import by_partner

HERE = Path(__file__).resolve().parent


def main():
    orders = read_all(HERE / "inbox")
    print(json.dumps(by_partner(orders), sort_keys=True))


if __name__ == "__main__":
    main()
