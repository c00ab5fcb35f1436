import tempfile
from pathlib import Path

from check import contents
from pack import pack

FILES = {"readme.txt": "hello", "data/a.csv": "1,2\n", "data/b.csv": "3,4\n"}


def bundle(folder, files):
    path = pack(Path(folder) / "bundle.zip", files)
    found = contents(path)
    missing = sorted(set(files) - set(found))
    if missing:
        raise RuntimeError(f"not in the archive: {missing}")
    return found


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, size in bundle(folder, FILES).items():
            print(f"{size:>5} {name}")


if __name__ == "__main__":
    main()
