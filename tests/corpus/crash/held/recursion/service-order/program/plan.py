from inventory import load
from impact import affected


def main():
    services = load()
    for name in ("db", "cache", "mail"):
        print(name, "->", ", ".join(affected(services, name)) or "nothing")


if __name__ == "__main__":
    main()
