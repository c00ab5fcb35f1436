from names import canonical


class Scores:
    def __init__(self):
        self._points = {}
        self.refused = []

    def _split(self, line):
        name, _, points = line.partition(":")
        return canonical(name), points.strip()

    def _is_number(self, text):
        return text.lstrip("-").isdigit()

    def add(self, line):
        name, points = self._split(line)
        if not self._is_number(points):
            self.refused.append(line)
            return
        self._points[name] = self._points.get(name, 0) + int(points)

    def ranking(self):
        return sorted(self._points.items(), key=lambda entry: (-entry[1], entry[0]))
