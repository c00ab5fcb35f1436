from quota import usage
from tree import Folder

ROOT = Folder("", children=[Folder("home", 1, [Folder("ann", 20, [Folder("music", 300)]), Folder("bo", 5)]), Folder("srv", 7)])


def main() -> None:
    for path, size in usage(ROOT, ["srv", "home", "home/ann/music"]).items():
        print(path, size)


if __name__ == "__main__":
    main()
