import codecs
from pathlib import Path

from registry import jubilees, parse


def fetch() -> bytes:
    """The export as the website sends it: UTF-8 with a byte order mark."""
    return codecs.BOM_UTF8 + Path(__file__).with_name("members.csv.txt").read_bytes()


if __name__ == "__main__":
    members = parse(fetch())
    print(len(members), jubilees(members, 2024))
