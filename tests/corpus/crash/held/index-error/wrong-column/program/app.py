from turnover import skus, turnover

FILE = """
2024-02-01;north;A1;3;2.50
2024-02-01;south;B7;1;10.00
2024-02-02;north;B7;2;9.50
"""

if __name__ == "__main__":
    print(skus(FILE))
    for branch, amount in turnover(FILE).items():
        print(branch, amount)
