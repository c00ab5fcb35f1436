from datetime import date, datetime

from loans import Loan


def main():
    loan = Loan("Dune", due=date(2024, 5, 10))
    print(loan.late(datetime(2024, 5, 10, 18, 30)))
    print(loan.late(datetime(2024, 5, 11, 0, 1)))
    print(loan.days_late(datetime(2024, 5, 14, 9)))


if __name__ == "__main__":
    main()
