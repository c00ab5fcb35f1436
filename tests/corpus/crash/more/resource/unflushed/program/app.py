import tempfile
from pathlib import Path

from journal import Journal


def main():
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "j.log")
        journal.write(["first", "second"])
        read = journal.read()
        assert read == ["first", "second"], f"read back {read}"
        print(len(read))


if __name__ == "__main__":
    main()
