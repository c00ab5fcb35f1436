from billing.importer import all_entries


def balance(bank, cash):
    return sum(entry["amount_cents"] for entry in all_entries(bank, cash))


def largest(bank, cash):
    return max(all_entries(bank, cash), key=lambda e: abs(e["amount_cents"]))["text"]


def statement(entries):
    return [f"{e['date']} {e['text']} {e['amount_cents'] / 100:.2f}" for e in entries]
