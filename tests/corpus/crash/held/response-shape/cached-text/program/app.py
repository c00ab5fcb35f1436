from summarise import Summariser


def main() -> None:
    summariser = Summariser()
    for document in ("minutes of monday", "minutes of friday", "minutes of monday"):
        print(summariser.summarise(document))
    print("from the cache:", summariser.cache.hits)


if __name__ == "__main__":
    main()
