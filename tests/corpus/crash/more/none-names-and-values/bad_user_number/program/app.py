import sys

from cli import parse


def main(argv):
    count = parse(argv or ["--count", "minus three"])
    print(count)


main(sys.argv[1:])
