from store import open_store


def main() -> None:
    store = open_store("oracle://reports@db.internal/shop")
    print("orders", store.count("orders"))


if __name__ == "__main__":
    main()
