from board import Board
from ticket import Ticket

IMPORTED = [{"title": "old crash", "opened": "2021-06-01T08:00:00+00:00"}, {"title": "new crash"}]


def main():
    board = Board()
    for data in IMPORTED:
        board.add(Ticket.load(data))
    print([ticket.title for ticket in board.by_age()])
    print(board.stale(days=30))


if __name__ == "__main__":
    main()
