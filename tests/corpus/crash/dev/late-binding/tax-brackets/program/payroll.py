from brackets import BRACKETS
from tax import bracket_functions, tax

CHECKED = {10000: 0, 20000: 1800, 40000: 6700}


def main():
    functions = bracket_functions(BRACKETS)
    for income, expected in CHECKED.items():
        due = tax(income, functions)
        print(f"{income:>6} {due:>8.2f}")
        assert round(due) == expected, f"tax of {income} is {due}, not {expected}"


if __name__ == "__main__":
    main()
