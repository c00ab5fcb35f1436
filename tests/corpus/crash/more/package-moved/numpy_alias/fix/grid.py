import numpy as np


class Grid:
    def __init__(self, cells):
        self.cells = cells

    @classmethod
    def parse(cls, lines):
        return cls(np.array([line.split() for line in lines], dtype=float))

    def size(self):
        return int(np.prod(self.cells.shape))

    def known(self, values):
        return [bool(v) for v in np.isin(values, self.cells)]

    def area(self):
        return float(np.trapezoid(self.cells[0]))
