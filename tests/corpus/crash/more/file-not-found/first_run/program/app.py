import tempfile
from pathlib import Path

from counter import Counter


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "count.txt"
        print(Counter(path).bump(), Counter(path).bump(), Counter(path).bump())


main()
