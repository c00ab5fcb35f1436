import resource
import tempfile
from pathlib import Path

from parts import make_parts
from merger import Merger


def merge(folder, target):
    merger = Merger()
    for path in sorted(Path(folder).glob("*.part")):
        merger.add(path)
    return merger.write(target)


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))  # as in the container
    with tempfile.TemporaryDirectory() as folder:
        make_parts(folder, 150)
        print(merge(folder, Path(folder) / "all.txt"), "lines")


if __name__ == "__main__":
    main()
