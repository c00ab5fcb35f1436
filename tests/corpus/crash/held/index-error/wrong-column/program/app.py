from checks import BadFile, by_day, check
from turnover import skus, turnover

FILES = {
    "2024-02.csv": """
2024-02-01;north;A1;3;2.50
2024-02-01;south;B7;1;10.00
2024-02-02;north;B7;2;9.50
""",
    "broken.csv": "2024-02-01;north;A1;three;2.50",
}


def main():
    for name, text in FILES.items():
        try:
            count = check(text)
        except BadFile as error:
            print(f"{name} refused: {error}")
            continue
        print(f"{name}: {count} rows of {len(by_day(text))} days, {skus(text)}")
        for branch, amount in turnover(text).items():
            print(f"  {branch:<6}{amount:>8}")


if __name__ == "__main__":
    main()
