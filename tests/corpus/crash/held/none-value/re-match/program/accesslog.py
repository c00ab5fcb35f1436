"""Reader of the proxy's access log.

Comment lines (starting with '#') and blank lines appear at every rotation and are skipped.
"""
import re
from collections import Counter

LINE = re.compile(r"(?P<host>\S+) (?P<method>[A-Z]+) (?P<path>\S+) (?P<status>\d{3}) (?P<ms>\d+)")


def parse(line: str) -> dict:
    match = LINE.match(line)
    return {
        "host": match.group("host"),
        "path": match.group("path"),
        "status": int(match.group("status")),
        "ms": int(match.group("ms")),
    }


def read(text: str) -> list[dict]:
    return [parse(line) for line in text.splitlines()]


def slowest(entries: list[dict]) -> str:
    return max(entries, key=lambda entry: entry["ms"])["path"]


def by_status(entries: list[dict]) -> Counter:
    return Counter(entry["status"] for entry in entries)
