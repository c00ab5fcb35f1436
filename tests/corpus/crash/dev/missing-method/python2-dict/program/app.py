from wordgame import Game


def main():
    game = Game("relations")
    moves = [("ann", "stone"), ("bo", "rain"), ("ann", "stone"), ("bo", "lion"), ("ann", "train")]
    for player, word in moves:
        print(player, word, "yes" if game.play(player, word) else "no")
    print("\n".join(game.scores.board()))


if __name__ == "__main__":
    main()
