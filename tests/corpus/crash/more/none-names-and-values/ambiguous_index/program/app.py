import sys

from viewer import line


def main(argv):
    print(line("a\nb\nc", int(argv[0]) if argv else 9))


main(sys.argv[1:])
