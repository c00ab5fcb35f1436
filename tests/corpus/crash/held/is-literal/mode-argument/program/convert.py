import sys

from modes import transform


def main(argv):
    mode, *words = argv
    print(" ".join(transform(mode, words)))


if __name__ == "__main__":
    main(sys.argv[1:])
