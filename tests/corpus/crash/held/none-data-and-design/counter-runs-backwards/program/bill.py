from meter import consumption
from readings import READINGS

PRICE = 0.31


def main():
    for number, values in READINGS.items():
        print(number, round(consumption(number, values) * PRICE, 2))


if __name__ == "__main__":
    main()
