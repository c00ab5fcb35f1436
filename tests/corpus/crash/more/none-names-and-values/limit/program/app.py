import json

from depth import depth


def main():
    print(depth(json.loads("[" * 900 + "]" * 900)))
    print(depth(json.loads("[" * 100000 + "]" * 100000)))


main()
