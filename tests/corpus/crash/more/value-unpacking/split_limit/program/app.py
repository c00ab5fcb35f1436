from envfile import parse

TEXT = """# settings
NAME=shop
URL=https://example.org/?a=1&b=2
TOKEN=abc==
"""


def main():
    for key, value in parse(TEXT).items():
        print(key, value)


if __name__ == "__main__":
    main()
