"""Turn bank rows into entries."""


def from_bank(row):
    date, text, cents = row
    return {"date": date, "text": text, "amount_cents": int(cents)}


def from_cash(date, cents):
    return {"date": date, "text": "cash", "amount": int(cents)}


def all_entries(bank, cash):
    yield from (from_bank(r) for r in bank)
    yield from (from_cash(d, c) for d, c in cash)
