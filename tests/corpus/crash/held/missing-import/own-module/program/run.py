from blog.routes import Routes
from blog.store import Store


def main():
    routes = Routes(Store())
    for title in ("Über uns", "Spring Sale!", "Spring sale"):
        path = routes.create(title, "one two three four five six")
        print(path, "=", routes.show(path))


if __name__ == "__main__":
    main()
