from tokens import TokenBox


def main() -> None:
    box = TokenBox(b"not a real secret")
    for user in ("ann", "zoë@example.org"):
        token = box.seal(user)
        print(len(token), box.open(token))


if __name__ == "__main__":
    main()
