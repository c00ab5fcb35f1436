from energy import Day
from report import table

DAYS = [Day("Mon", [1.5, 2.5], [3.0, 1.0]), Day("Tue", [0.0, 0.0], [2.0, 2.5]), Day("Wed", [4.0], [1.0])]


def main():
    for line in table(DAYS):
        print(line)


if __name__ == "__main__":
    main()
