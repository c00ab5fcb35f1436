from shelves import Shelf


def main():
    shelf = Shelf("B", 12)
    shelf.fill(3)
    print(shelf.label())
    print(" ".join(shelf.slots()))


if __name__ == "__main__":
    main()
