import tempfile
from pathlib import Path

from logfile import read_lines, write_lines


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        write_lines(path, ["käynnistys", "loppu"])
        print([ascii(line) for line in read_lines(path)])


main()
