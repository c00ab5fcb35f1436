from parts import join_parts, split_ranges
from workers import fetch_all

SOURCE = bytes(range(256)) * 4


def mirror(source, count):
    def fetch(start, end):
        return source[start:end]

    parts = fetch_all(split_ranges(len(source), count), fetch)
    return join_parts(parts)


def main():
    copy = mirror(SOURCE, 5)
    print(len(copy), "bytes")
    assert copy == SOURCE, "the copy differs from the source"


if __name__ == "__main__":
    main()
