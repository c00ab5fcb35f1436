import csv
import io


def load(text):
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def total_by_region(rows):
    totals = {}
    for row in rows:
        amount = int(row["units"]) * row["price"]
        totals[row["region"]] = totals.get(row["region"], 0) + float(amount)
    return totals
