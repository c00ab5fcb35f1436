from point import Point, shift


def main():
    print(shift(Point("a", 1.0, 2.0), 3))
    print(Point(label="b", y=4.0))


main()
