from links import LinkFinder
from pages import PAGE


def extract(text):
    finder = LinkFinder("https://example.org")
    finder.feed(text)
    finder.close()
    return finder


def main():
    finder = extract(PAGE)
    for address, label in finder.links:
        print(f"{address:<30} {label}")


if __name__ == "__main__":
    main()
