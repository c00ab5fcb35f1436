import sys

from meters import pairs, summary

DUMP = """\
# meter 17
204.5
# meter 18
99.0
# meter 19
"""


def main():
    lines = DUMP.splitlines()
    readings = dict(pairs(lines))
    print(summary(readings))
    if len(readings) != 2:
        sys.exit("readings were lost")


if __name__ == "__main__":
    main()
