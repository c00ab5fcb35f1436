from decimal import Decimal


def render(ledger):
    lines = [f"{e.label:<10}{e.amount:>8}" for e in ledger.entries]
    total = ledger.total()
    mark = "!" if total > Decimal("100") else ""
    lines.append(f"total     {total:>8}{mark}")
    return "\n".join(lines)
