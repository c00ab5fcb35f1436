import sys

from feed.writer import FeedWriter


def main(argv):
    writer = FeedWriter("Ship & Shore <weekly>")
    writer.item("Tide tables", "https://example.org/t?a=1&b=2")
    writer.item("Knots", "https://example.org/k")
    sys.stdout.write(writer.text())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
