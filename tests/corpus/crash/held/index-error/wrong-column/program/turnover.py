import columns
from decimal import Decimal


def rows(text):
    for line in text.strip().splitlines():
        yield line.split(";")


def turnover(text):
    """Turnover by branch."""
    result = {}
    for row in rows(text):
        amount = int(row[columns.PIECES]) * Decimal(row[columns.PRICE])
        result[row[columns.BRANCH]] = result.get(row[columns.BRANCH], Decimal(0)) + amount
    return result


def skus(text):
    return sorted({row[columns.SKU] for row in rows(text)})
