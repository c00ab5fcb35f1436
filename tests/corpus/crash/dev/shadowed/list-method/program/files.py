from archive import MemoryArchive


def build():
    archive = MemoryArchive()
    archive.put("b/2.txt", b"two")
    archive.put("a/1.txt", b"one")
    archive.put("a/3.txt", b"three")
    return archive


def main():
    archive = build()
    print(archive.list("a/"))
    print(archive.sizes())
    print(archive.read_many(["a/1.txt", "b/2.txt"]))


if __name__ == "__main__":
    main()
