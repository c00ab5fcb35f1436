import tempfile
from pathlib import Path

from exporter import Exporter


def main():
    with tempfile.TemporaryDirectory() as root:
        exporter = Exporter(Path(root))
        exporter.write("2024/03/north.csv", [("a", 1), ("b", 2)])
        exporter.write("2024/03/south.csv", [("c", 3)])
        print([p.relative_to(root).as_posix() for p in sorted(Path(root).rglob("*.csv"))])
        print((Path(root) / "2024/03/north.csv").read_text())


if __name__ == "__main__":
    main()
