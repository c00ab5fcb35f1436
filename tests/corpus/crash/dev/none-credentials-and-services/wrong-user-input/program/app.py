import argparse

from days import is_workday, parse_day


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--day", default="2024-01-31")
    options = parser.parse_args()
    day = parse_day(options.day)
    print(day, "workday" if is_workday(day) else "free")


if __name__ == "__main__":
    main()
