import argparse
import sys
from datetime import datetime

import windows


def build_parser():
    parser = argparse.ArgumentParser(description="bucket log lines by time")
    parser.add_argument("--minutes", type=int, default=15)
    return parser


LINES = [
    "2024-03-01T10:02:11 boot",
    "2024-03-01T10:07:45 ready",
    "2024-03-01T10:16:02 request",
    "2024-03-01T10:44:59 request",
]


def main(argv=None):
    args = build_parser().parse_args(argv)
    stamps = [datetime.fromisoformat(line.split(" ", 1)[0]) for line in LINES]
    for start, count in windows.buckets(stamps, args.minutes):
        print(f"{start:%H:%M} {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
