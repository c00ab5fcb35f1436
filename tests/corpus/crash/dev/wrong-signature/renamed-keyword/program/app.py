from datetime import date

import billing
import mail
from accounts import Accounts

TODAY = date(2024, 6, 30)


def load():
    accounts = Accounts()
    accounts.claim("A@example.org", "R-1", 20.0, date(2024, 7, 10))
    accounts.claim("b@example.org", "R-2", 7.5, date(2024, 5, 16))
    accounts.claim("b@example.org", "R-3", 12.0, date(2024, 6, 20))
    accounts.claim("c@example.org", "R-4", 99.0, date(2024, 4, 1)).paid = True
    return accounts


def dun(accounts, today):
    """Write to everybody who owes something; returns the subjects by address."""
    for account in accounts:
        claim = account.worst(today)
        if claim is not None and claim.days_late(today) > 14:
            billing.send_reminder(account.mail, claim.amount, claim.days_late(today))
        elif account.open_amount() > 0:
            billing.send_invoice(account.mail, account.open_amount())
        else:
            billing.send_receipt(account.mail, sum(c.amount for c in account.claims))
    return [f"{m['to']}: {m['subject']}" for m in mail.OUTBOX]


if __name__ == "__main__":
    print("\n".join(dun(load(), TODAY)))
