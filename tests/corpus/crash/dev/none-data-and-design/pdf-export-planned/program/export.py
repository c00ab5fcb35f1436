import argparse

from exporters import exporter

ROWS = [("ann", 3), ("bob", 5)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--format", choices=["csv", "html", "pdf"], default="csv")
    arguments = parser.parse_args()
    print(exporter(arguments.format).export(ROWS))


if __name__ == "__main__":
    main()
