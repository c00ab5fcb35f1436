from collections import defaultdict


class Ranking:
    def __init__(self):
        self._scores = defaultdict(lambda: 0)

    def add(self, name, points):
        self._scores[name] += points

    def top(self):
        return max(self._scores, key=lambda name: self._scores[name])

    def of(self, name):
        return self._scores[name]
