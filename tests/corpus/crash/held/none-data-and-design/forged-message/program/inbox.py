from envelope import open_envelope
from samples import MESSAGES


def main():
    for text in MESSAGES:
        print(open_envelope(text))


if __name__ == "__main__":
    main()
