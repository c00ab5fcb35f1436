import sys

from parser import evaluate


def main(argv):
    for text in argv or ["1 + 1"]:
        print(f"{text} = {evaluate(text)}")


if __name__ == "__main__":
    main(sys.argv[1:])
