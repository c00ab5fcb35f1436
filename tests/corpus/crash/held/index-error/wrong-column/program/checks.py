"""Checks a supplier's file before anything is counted."""
import columns

WIDTH = 5


class BadFile(Exception):
    pass


def check(text):
    """Raise BadFile where a row is not as agreed; returns how many rows there are."""
    count = 0
    for number, line in enumerate(text.strip().splitlines(), 1):
        row = line.split(";")
        if len(row) != WIDTH:
            raise BadFile(f"row {number} has {len(row)} columns, not {WIDTH}")
        if not row[columns.PIECES].isdigit():
            raise BadFile(f"row {number}: {row[columns.PIECES]!r} is no number of pieces")
        year, _, _ = row[columns.DATE].partition("-")
        if not (year.isdigit() and len(year) == 4):
            raise BadFile(f"row {number}: {row[columns.DATE]!r} is no day")
        count += 1
    return count


def by_day(text):
    """Rows of the file by their day, in the order of the file."""
    days = {}
    for line in text.strip().splitlines():
        row = line.split(";")
        days.setdefault(row[columns.DATE], []).append(row)
    return days
