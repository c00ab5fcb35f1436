from depot import Depot

ITEMS = [("lamp", 2.5), ("desk", 24.0), ("chair", 7.0), ("rug", 6.0), ("cup", 0.3)]


def main():
    depot = Depot(limit=30.0)
    for parcel in depot.pack(ITEMS):
        print(parcel.label())


if __name__ == "__main__":
    main()
