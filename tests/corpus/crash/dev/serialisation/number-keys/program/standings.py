from storage import read, write


class Standings:
    """Points of teams, by the number of the team."""

    def __init__(self, teams, points=None):
        self.teams = teams
        self.points = points if points is not None else dict.fromkeys(teams, 0)

    def win(self, number):
        self.points[number] += 3

    def table(self):
        ranked = sorted(self.points, key=lambda number: (-self.points[number], number))
        return [(self.teams[number], self.points[number]) for number in ranked]

    def save(self, path):
        write(path, {"teams": self.teams, "points": self.points})

    @classmethod
    def load(cls, path):
        data = read(path)
        return cls(data["teams"], data["points"])
