from licence import load_licence
from printer import Printer


def main() -> None:
    printer = Printer(load_licence())
    print([printer.login(user) for user in ("ann", "bo", "cy")])


if __name__ == "__main__":
    main()
