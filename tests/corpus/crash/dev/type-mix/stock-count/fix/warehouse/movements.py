import csv
import io
from collections import namedtuple

Movement = namedtuple("Movement", "sku kind quantity")


def read_movements(text):
    for row in csv.DictReader(io.StringIO(text)):
        yield Movement(row["sku"], row["kind"], int(row["quantity"]))
