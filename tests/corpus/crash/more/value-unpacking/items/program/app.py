from stock import low

STOCK = {"tea": 3, "coffee": 40, "sugar": 0}


def main():
    print(low(STOCK, 5))


if __name__ == "__main__":
    main()
