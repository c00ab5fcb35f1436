import ratesd
import treasury


def main():
    base = ratesd.serve()
    print(treasury.convert(base, {"USD": 108.0, "GBP": 8.5, "CHF": 19.0}))


if __name__ == "__main__":
    main()
