from statement import parse, summary

TEXT = """
currency: CHF
rent;-120000
salary;450000
"""


def main():
    bookings = parse(TEXT)
    print("\n".join(summary(bookings)))
    print(sum(b.cents for b in bookings) / 100)


if __name__ == "__main__":
    main()
