from ages import parse_all


def main():
    good, bad = parse_all(["31", "n/a", " 7", "", "12.5"])
    print(good)
    print(bad)


if __name__ == "__main__":
    main()
