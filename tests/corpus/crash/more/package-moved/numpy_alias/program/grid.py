import numpy as np


class Grid:
    def __init__(self, cells):
        self.cells = cells

    @classmethod
    def parse(cls, lines):
        return cls(np.array([line.split() for line in lines], dtype=np.float))

    def size(self):
        return int(np.product(self.cells.shape))

    def known(self, values):
        return [bool(v) for v in np.in1d(values, self.cells)]

    def area(self):
        return float(np.trapz(self.cells[0]))
