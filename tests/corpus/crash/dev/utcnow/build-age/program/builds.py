from cleaner import Cleaner
from clock import FixedClock

BUILDS = {"app-1.0": 1704067200, "app-1.1": 1706745600, "app-1.2": 1709164800}


def main():
    cleaner = Cleaner(FixedClock("2024-03-01T00:00:00+00:00"), keep_days=35)
    for name in sorted(BUILDS):
        print(name, cleaner.age(BUILDS[name]).days, "days")
    print("to remove:", cleaner.outdated(BUILDS))


if __name__ == "__main__":
    main()
