"""A word game for the office chat, moved over from the old server."""


class Scores:
    def __init__(self):
        self.points = {}

    def award(self, player, word):
        if player in self.points:
            self.points[player] += len(word)
        else:
            self.points[player] = len(word)

    def board(self):
        rows = ["%-6s %3d" % (player, points) for player, points in self.points.items()]
        return sorted(rows)


class Game:
    def __init__(self, letters):
        self.letters = letters
        self.scores = Scores()
        self.used = set()

    def play(self, player, word):
        if word in self.used or any(word.count(c) > self.letters.count(c) for c in word):
            return False
        self.used.add(word)
        self.scores.award(player, word)
        return True
