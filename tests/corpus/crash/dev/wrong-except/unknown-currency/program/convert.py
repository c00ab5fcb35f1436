from rates import RateBook
from report import lines

AMOUNTS = [("USD", 10.0), ("XAU", 1.0), ("CHF", 4.0)]


def main():
    book = RateBook({"USD": 0.9, "CHF": 1.05})
    for line in lines(book, AMOUNTS):
        print(line)


if __name__ == "__main__":
    main()
