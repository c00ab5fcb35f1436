from series import Series
from summary import describe

TEXT = "3 9 4 14 2"


def main():
    series = Series(TEXT)
    print(describe(series))
    assert list(series) == [3, 9, 4, 14, 2]


if __name__ == "__main__":
    main()
