import sys

import handlers


def main():
    for word in ("ping", "sum 1 2 3", "nope"):
        sys.stdout.write(handlers.dispatch(word) + "\n")


main()
