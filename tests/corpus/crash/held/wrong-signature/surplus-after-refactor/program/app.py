from game import Game


def play(moves):
    game = Game()
    for player, move, *strength in moves:
        if move == "hit":
            game.hit(player, strength[0])
        elif move == "miss":
            game.miss(player)
        else:
            game.clear_level(player)
    return game


if __name__ == "__main__":
    done = play([("ann", "hit", 4), ("bob", "miss"), ("ann", "clear"), ("bob", "hit", 6), ("bob", "clear")])
    print(done.board.best(), done.board.points)
