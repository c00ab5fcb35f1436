import server
import supplier


def main() -> None:
    port = server.serve()
    for name, rows in (("acme", 40), ("globex", 900)):
        status = supplier.upload(port, name, supplier.sheet(rows))
        print(name, status, len(server.SHEETS[name]))


if __name__ == "__main__":
    main()
