from pathlib import Path

from snapshot import restore


def main():
    world = restore(Path(__file__).with_name("world.json"))
    print(world["tick"], len(world["units"]))


if __name__ == "__main__":
    main()
