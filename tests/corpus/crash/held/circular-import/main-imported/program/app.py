import sys

from handlers import handle

ALIASES = {"ls": "list", "rm": "remove", "add": "create"}


def main(lines):
    for line in lines:
        print(handle(line))
    return 0


if __name__ == "__main__":
    sys.exit(main(["ls", "add milk", "add bread", "rm milk", "list", "dance"]))
