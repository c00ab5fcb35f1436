from money import label


def main():
    print(label(1250, "EUR", "rent"))


main()
