import os

from settings import load


def main():
    os.environ.setdefault("SHOP_WORKERS", "3")
    settings = load()
    print(settings.workers, settings.title)


if __name__ == "__main__":
    main()
