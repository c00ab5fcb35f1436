from pathlib import Path

import accesslog


def main() -> None:
    text = Path(__file__).with_name("access.txt").read_text()
    entries = accesslog.read(text)
    print(len(entries), "requests, slowest", accesslog.slowest(entries))
    for status, count in sorted(accesslog.by_status(entries).items()):
        print(status, count)


if __name__ == "__main__":
    main()
