import gzip
import json
from pathlib import Path

from records import apply

HERE = Path(__file__).parent


def main():
    state = {}
    with gzip.open(HERE / "backup.ndjson.gz", "rt") as handle:
        for line in handle:
            apply(state, json.loads(line))
    print(len(state), "records restored")


if __name__ == "__main__":
    main()
