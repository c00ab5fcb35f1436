import json

from tokens import TokenFile

STORED = json.dumps({"ci": "2020-01-01T00:00:00+00:00", "robot": "2190-05-01T12:00:00+02:00"})


def main():
    tokens = TokenFile(STORED)
    for name in tokens.names():
        print(name, "valid" if tokens.is_valid(name) else "expired")


if __name__ == "__main__":
    main()
