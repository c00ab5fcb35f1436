import sys

from tally import count


def main(argv):
    path = argv[0] if argv else "/srv/imports/2024-03-01.csv"
    print(count(path))


main(sys.argv[1:])
