from tokens import TokenStore


def main():
    store = TokenStore(lifetime=60)
    token = store.issue("ann")
    print(store.valid(token))
    print(store.valid("missing"))


if __name__ == "__main__":
    main()
