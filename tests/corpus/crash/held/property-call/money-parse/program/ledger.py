from money import Amount, total

ENTRIES = ["12.50 EUR", "-3.20 EUR", "7 EUR"]


def main():
    amounts = [Amount.parse(text) for text in ENTRIES]
    print(total(amounts), max(amounts), Amount.zero("CHF"))


if __name__ == "__main__":
    main()
