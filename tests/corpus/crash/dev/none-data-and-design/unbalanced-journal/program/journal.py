import csv
from collections import namedtuple
from decimal import Decimal

Entry = namedtuple("Entry", "voucher account debit credit")


def read(path):
    with path.open(newline="") as handle:
        return [Entry(row["voucher"], row["account"], Decimal(row["debit"]), Decimal(row["credit"])) for row in csv.DictReader(handle)]
