import sys

from filters import chain


def main(argv):
    names = argv or ["squeeze", "mask", "upper"]
    print(chain(*names)("card  4111 1111,   thanks"))


if __name__ == "__main__":
    main(sys.argv[1:])
