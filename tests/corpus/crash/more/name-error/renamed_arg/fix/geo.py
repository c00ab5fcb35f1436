import math


def distance(start, end):
    dx = end[0] - start[0]
    dy = end[1] - start[1]
    return math.hypot(dx, dy)


class Route:
    def __init__(self, points):
        self.points = list(points)

    def length(self):
        return sum(distance(a, b) for a, b in zip(self.points, self.points[1:]))

    def nearest(self, position):
        best = None
        for waypoint in self.points:
            away = distance(position, waypoint)
            if best is None or away < best[0]:
                best = (away, waypoint)
        return best[1]
