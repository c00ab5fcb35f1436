import csv
import io


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def column(rows, name):
    """The numbers of a column, without the answers that were not given."""
    values = []
    for row in rows:
        if row[name] is not "n/a":
            values.append(int(row[name]))
    return values
