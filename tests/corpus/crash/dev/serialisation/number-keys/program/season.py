import tempfile
from pathlib import Path

from standings import Standings


def play(path):
    season = Standings({1: "Lions", 2: "Owls", 7: "Foxes"})
    season.win(1)
    season.win(7)
    season.save(path)
    again = Standings.load(path)
    again.win(7)
    return again


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, points in play(Path(folder) / "season.json").table():
            print(f"{name:<8} {points}")


if __name__ == "__main__":
    main()
