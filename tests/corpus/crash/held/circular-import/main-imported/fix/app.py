import sys

from aliases import ALIASES
from handlers import handle


def main(lines):
    for line in lines:
        print(handle(line))
    return 0


if __name__ == "__main__":
    sys.exit(main(["ls", "add milk", "add bread", "rm milk", "list", "dance"]))
