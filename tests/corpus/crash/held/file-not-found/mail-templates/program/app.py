from mailer.outbox import Outbox
from mailer.render import render

CUSTOMERS = [
    {"name": "Ada", "invoice": 1001, "amount": "12.00"},
    {"name": "Bob", "invoice": 1002, "amount": "7.50"},
]


def run(customers):
    outbox = Outbox()
    for customer in customers:
        outbox.add(customer["name"], render("reminder", customer))
    return outbox


def main():
    for to, text in run(CUSTOMERS).messages:
        print(f"--- {to}\n{text}")


if __name__ == "__main__":
    main()
