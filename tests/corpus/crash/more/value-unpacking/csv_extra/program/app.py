from feed import parse, names


def main():
    rows = parse("1,ann,oslo,no\n2,bob,rome,it")
    print(names(rows))


main()
