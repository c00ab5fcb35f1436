import sys

from plan import day


def main(argv):
    print(day(argv[0] if argv else "2024-02-30"))


main(sys.argv[1:])
