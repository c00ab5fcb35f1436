import billing
import mail


def run(accounts):
    for customer, amount, days in accounts:
        if days > 14:
            billing.send_reminder(customer, amount, days)
        else:
            billing.send_invoice(customer, amount)
    return [m["to"] + ": " + m["subject"] for m in mail.OUTBOX]


if __name__ == "__main__":
    print("\n".join(run([("a@example.org", 20, 0), ("b@example.org", 7.5, 45)])))
