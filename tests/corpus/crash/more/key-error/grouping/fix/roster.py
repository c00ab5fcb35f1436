class Roster:
    def __init__(self):
        self._teams = {}

    def assign(self, team, name):
        self._teams.setdefault(team, []).append(name)

    def has(self, team):
        return team in self._teams

    def teams(self):
        return sorted(self._teams.items())
