from crm.customers import CUSTOMERS, may_order
from crm.invoices import statement


def main():
    for number in CUSTOMERS:
        print(statement(number), "ok" if may_order(number) else "blocked")


if __name__ == "__main__":
    main()
