from i18n import Catalog


def main():
    catalog = Catalog({"yes": "kyllä", "no": "ei"})
    for word in ("yes", "perhaps", "no"):
        print(ascii(catalog.translate(word)))
    print(catalog.missing)


if __name__ == "__main__":
    main()
