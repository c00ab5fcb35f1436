from geo import Route


def main():
    route = Route([(0.0, 0.0), (3.0, 4.0), (3.0, 10.0)])
    print(route.length())
    print(route.nearest((2.5, 4.0)))


if __name__ == "__main__":
    main()
