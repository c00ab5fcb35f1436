from ledger import balances, empty_ledger, post


def main() -> None:
    ledger = empty_ledger()
    ledger = post(ledger, [{"day": "2024-01-02", "account": "cash", "amount": 100}, {"day": "2024-01-02", "account": "sales", "amount": -100}])
    ledger = post(ledger, [{"day": "2024-01-03", "account": "cash", "amount": -30}])
    print(balances(ledger), list(ledger.index))


if __name__ == "__main__":
    main()
