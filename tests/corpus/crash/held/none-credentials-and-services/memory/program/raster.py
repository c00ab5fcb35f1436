class Raster:
    def __init__(self, width, height, fill):
        self.width = width
        self.height = height
        self.cells = bytearray([fill]) * (width * height)

    def set(self, x, y, value):
        self.cells[y * self.width + x] = value

    def covered(self):
        return len(self.cells) - self.cells.count(0)
