from board import Board


def main():
    board = Board(width=5, height=3)
    board.put(4, 1, "#")
    board.put(0, 2, "@")
    print(board.text())
    print(board.at(4, 1), board.at(0, 0))


if __name__ == "__main__":
    main()
