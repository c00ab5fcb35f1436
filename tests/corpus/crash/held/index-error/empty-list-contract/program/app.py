from dashboard import board
from metrics import Host


def main() -> None:
    web, db, spare = Host("web"), Host("db"), Host("spare")
    web.load.add(1, 0.5)
    web.load.add(2, 0.75)
    db.load.add(1, 2.0)
    print(board([web, db, spare]))


if __name__ == "__main__":
    main()
