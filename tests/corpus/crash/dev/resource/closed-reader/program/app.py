from pathlib import Path

from pipeline.extract import rows
from pipeline.transform import to_employees

DATA = Path(__file__).with_name("staff.csv")


def load(path):
    return to_employees(rows(path))


def main():
    employees = load(DATA)
    for employee in employees:
        print(employee)
    print(sum(e.salary for e in employees))


if __name__ == "__main__":
    main()
