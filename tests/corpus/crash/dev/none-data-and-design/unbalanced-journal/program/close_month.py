from pathlib import Path

from journal import read
from closing import close


def main():
    entries = read(Path(__file__).with_name("march.csv"))
    print(close(entries))


if __name__ == "__main__":
    main()
