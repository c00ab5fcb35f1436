"""Counts what lies in a folder.

usage: app.py count|names [FOLDER]      FOLDER: the current folder where it is left out
"""
import sys
from pathlib import Path

import listing


def main(argv):
    action = argv[1]
    folder = Path(argv[2])
    if action == "count":
        print(listing.count(folder))
    elif action == "names":
        print(" ".join(listing.names(folder)))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
