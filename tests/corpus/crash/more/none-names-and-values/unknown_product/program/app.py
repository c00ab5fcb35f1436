import sys

from catalog import Catalog


def main(argv):
    catalog = Catalog.standard()
    for code in argv or ["A1", "Q9"]:
        print(catalog.price(code))


main(sys.argv[1:])
