import csv


def rows(path, delimiter=";"):
    """The rows of a CSV file as dicts; names and values without surrounding blanks."""
    with open(path, newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle, delimiter=delimiter)
        return [{name.strip(): value.strip() for name, value in row.items()} for row in reader]
