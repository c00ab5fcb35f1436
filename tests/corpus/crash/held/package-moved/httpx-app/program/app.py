from probe import left, open_client


def main() -> None:
    with open_client() as client:
        for item in ("lamp", "vase"):
            count = left(client, item)
            print(item, "sold out" if count == 0 else count)


if __name__ == "__main__":
    main()
