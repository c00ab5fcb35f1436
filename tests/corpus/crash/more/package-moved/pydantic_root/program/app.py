from models import parse


def main():
    pages = parse([{"slug": "home-page", "title": "Home"}, {"slug": "about", "title": "About us"}])
    for page in pages:
        print(page.slug, page.title)


if __name__ == "__main__":
    main()
