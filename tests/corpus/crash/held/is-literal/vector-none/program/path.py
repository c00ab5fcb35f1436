class Path:
    """The way that was walked; None says that the receiver had no position for a while."""

    def __init__(self):
        self.last = None
        self.length = 0.0
        self.stops = 0
        self.gaps = 0

    def visit(self, point):
        if point == None:
            self.gaps += 1
            return
        if self.last != None:
            if point == self.last:
                self.stops += 1
            self.length += point.distance(self.last)
        self.last = point
