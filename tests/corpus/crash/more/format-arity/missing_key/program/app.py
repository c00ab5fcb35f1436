from links import Links


def main():
    links = Links("https://example.org")
    print(links.user("ann", 2))
    print(links.post(7))


if __name__ == "__main__":
    main()
