from path import Path
from point import Point

STEPS = [Point(0, 0), Point(3, 4), None, Point(3, 4), Point(6, 8)]


def main():
    path = Path()
    for step in STEPS:
        path.visit(step)
    print(path.length, path.stops, path.gaps)


if __name__ == "__main__":
    main()
