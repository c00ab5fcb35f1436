import server
from reports import ReportClient


def main() -> None:
    client = ReportClient(server.start())
    print("rows", client.total(["daily", "cold-march"]))


if __name__ == "__main__":
    main()
