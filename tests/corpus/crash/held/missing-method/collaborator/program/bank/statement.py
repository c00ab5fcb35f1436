from bank.ledger import Ledger


def statement(ledger: Ledger) -> list[str]:
    lines = []
    for owner in ledger.owners():
        lines.append(f"{owner:<8}{ledger.account(owner).get_balance():>10}")
    return lines
