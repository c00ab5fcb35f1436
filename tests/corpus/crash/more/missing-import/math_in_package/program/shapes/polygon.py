from shapes.vector import length


class Polygon:
    def __init__(self, corners):
        self.corners = corners

    def sides(self):
        return sorted(length(a, b) for a, b in zip(self.corners, self.corners[1:] + self.corners[:1]))

    def area(self):
        pairs = zip(self.corners, self.corners[1:] + self.corners[:1])
        return abs(sum(ax * by - ay * bx for (ax, ay), (bx, by) in pairs)) / 2

    def is_right(self):
        a, b, c = self.sides()
        return math.isclose(a * a + b * b, c * c)
