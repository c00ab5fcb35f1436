from scores import Scoreboard


class Game:
    BONUS = {1: 0, 2: 5, 3: 15}

    def __init__(self):
        self.board = Scoreboard()
        self.level = 1

    def hit(self, player, strength):
        return self.board.record(player, strength * self.level)

    def miss(self, player):
        return self.board.record(player, -1)

    def clear_level(self, player):
        self.level = min(self.level + 1, 3)
        return self.board.record(player, self.BONUS[self.level], self.level)
