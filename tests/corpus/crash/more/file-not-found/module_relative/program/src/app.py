from phrases import pick


def main():
    for language in ("en", "fi"):
        print(pick(language))


if __name__ == "__main__":
    main()
