import tempfile
from pathlib import Path

from events import append, read


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        append(path, {"kind": "start", "at": 1})
        append(path, {"kind": "stop", "at": 9})
        events = read(path)
        print([e["kind"] for e in events])


if __name__ == "__main__":
    main()
