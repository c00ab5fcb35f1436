from hosts import parse

TEXT = """# local
127.0.0.1 localhost loop

10.0.0.5 db   # primary
10.0.0.6 cache
"""


def main():
    for name, address in sorted(parse(TEXT).items()):
        print(name, address)


if __name__ == "__main__":
    main()
