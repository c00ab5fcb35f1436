import sys

from actions import run


def main(argv):
    for sentence in argv:
        print(run(sentence))


if __name__ == "__main__":
    main(sys.argv[1:])
