from collections import deque


class History:
    """The last answers of every station, oldest first."""

    def __init__(self, keep=24):
        self.keep = keep
        self._answers = {}

    def add(self, answer):
        name = answer["station"]["id"]
        self._answers.setdefault(name, deque(maxlen=self.keep)).append(answer)

    def of(self, name):
        return list(self._answers.get(name, ()))

    def trend(self, name):
        """Degrees an answer on average since the oldest that is kept; 0.0 with fewer than two."""
        values = [answer["current"]["temperature"] for answer in self.of(name)]
        if len(values) < 2:
            return 0.0
        return (values[-1] - values[0]) / (len(values) - 1)

    def arrow(self, name):
        trend = self.trend(name)
        if trend > 0.2:
            return "rising"
        if trend < -0.2:
            return "falling"
        return "steady"
