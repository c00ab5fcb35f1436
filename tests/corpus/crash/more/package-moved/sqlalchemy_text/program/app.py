from store import Store


def main():
    store = Store("sqlite://")
    store.setup()
    store.add("ann", 31)
    store.add("bob", 17)
    print(store.adults())


if __name__ == "__main__":
    main()
