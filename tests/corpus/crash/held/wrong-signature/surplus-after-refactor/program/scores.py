class Scoreboard:
    def __init__(self):
        self.points = {}

    def record(self, player, points):
        self.points[player] = self.points.get(player, 0) + points
        return self.points[player]

    def best(self):
        return max(self.points, key=lambda p: (self.points[p], p))
