from pathlib import Path


def words(name):
    return (Path(__file__).parent / name).read_text(encoding="utf-8").split()
