from shapes import Polygon


def main():
    p = Polygon([(0, 0), (4, 0), (4, 3)])
    print(p.area(), p.is_right())


if __name__ == "__main__":
    main()
