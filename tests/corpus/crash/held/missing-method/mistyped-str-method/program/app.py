import csv
import io

from customers import from_row

EXPORT = """\
17,  ada lovelace ,ADA@example.org
18,grace   hopper,grace@example.org
"""


def load(text):
    return [from_row(row) for row in csv.reader(io.StringIO(text))]


if __name__ == "__main__":
    for customer in load(EXPORT):
        print(customer.number, customer.name, f"<{customer.email}>")
