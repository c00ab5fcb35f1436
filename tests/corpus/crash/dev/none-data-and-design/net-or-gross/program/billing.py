from source import ROWS


def load():
    return [dict(zip(("number", "customer", "net_amount", "gross_amount"), row)) for row in ROWS]


def summary(rows):
    result = {}
    for row in rows:
        result[row["customer"]] = result.get(row["customer"], 0) + row["amount"]
    return result
