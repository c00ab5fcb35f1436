import tempfile
from pathlib import Path

from people import TEAM
from reports import read_report, write_report


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hours.tsv"
        print(write_report(path, TEAM), "people")
        print(sum(person.hours for person in read_report(path)), "hours")


if __name__ == "__main__":
    main()
