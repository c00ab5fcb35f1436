import json
import tempfile
from pathlib import Path

from checks import verify
from writer import ReportWriter


def produce(folder, results):
    writer = ReportWriter(Path(folder) / "report.json")
    for name, state in results:
        writer.add(name, state)
    path = writer.finish()
    return verify(path)


def main():
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(produce(folder, [("backup", "ok"), ("disk", "warn"), ("mail", "ok")])))


if __name__ == "__main__":
    main()
