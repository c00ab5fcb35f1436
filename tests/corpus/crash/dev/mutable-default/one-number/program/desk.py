from archive import Archive
from tickets import open_ticket


def run(titles):
    archive = Archive()
    for title in titles:
        archive.store(open_ticket(title))
    archive.store(open_ticket("from the old system", number=7))
    return archive


def main():
    archive = run(["printer", "door", "light"])
    print(sorted(archive.tickets))


if __name__ == "__main__":
    main()
