from probe import check
from report import line


def main():
    print(line("db", "5432"))
    print(line("web", "http"))
    good, port, why = check("80")
    print(good, port, why)


if __name__ == "__main__":
    main()
