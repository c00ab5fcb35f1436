from decimal import ROUND_HALF_EVEN, Decimal

from bank.account import Account

CENT = Decimal("0.01")


def yearly(account: Account, percent: Decimal) -> Decimal:
    """Interest of one year; nothing for accounts that are in the red."""
    balance = account.balance()
    if balance <= 0:
        return Decimal(0)
    return (balance * percent / 100).quantize(CENT, ROUND_HALF_EVEN)


def credit_all(accounts: list[Account], percent: Decimal) -> Decimal:
    total = Decimal(0)
    for account in accounts:
        amount = yearly(account, percent)
        if amount:
            account.book(str(amount))
            total += amount
    return total
