from billing.balance import balance, largest

BANK = [("2024-01-01", "rent", "-90000"), ("2024-01-03", "pay", "210000")]


def test_balance_with_cash():
    assert balance(BANK, [("2024-01-02", "1500")]) == 121500


def test_largest():
    assert largest(BANK, []) == "pay"
