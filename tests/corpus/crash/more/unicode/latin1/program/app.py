from cities import load


def main():
    names = load("cities.csv")
    print(len(names), ascii(names))


if __name__ == "__main__":
    main()
