import math


class Track:
    def __init__(self, points):
        self.points = [tuple(p) for p in points]

    def length(self):
        """Length of the way through all points, in the points' unit."""
        total = 0.0
        for i in range(1, len(self.points) + 1):
            (x1, y1), (x2, y2) = self.points[i - 1], self.points[i]
            total += math.hypot(x2 - x1, y2 - y1)
        return total

    def bounds(self):
        xs, ys = zip(*self.points)
        return min(xs), min(ys), max(xs), max(ys)
