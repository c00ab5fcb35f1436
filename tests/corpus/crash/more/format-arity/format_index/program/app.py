import sys

from weather import Reading


def main():
    for reading in (Reading("Oslo", -3.25, 81), Reading("Rome", 14.0, 60)):
        sys.stdout.write(reading.line() + "\n")


if __name__ == "__main__":
    main()
