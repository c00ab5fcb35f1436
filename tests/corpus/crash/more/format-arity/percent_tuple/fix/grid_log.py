class GridLog:
    def __init__(self):
        self.lines = []
        self.at = (0, 0)

    def move(self, target):
        self.lines.append("moved to %s" % (target,))
        self.at = target
