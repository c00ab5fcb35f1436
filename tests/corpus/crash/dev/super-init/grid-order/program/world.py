class World:
    """A grid of cells; reset() fills it, and is called at the start."""

    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.generation = 0
        self.reset()

    def reset(self):
        self.generation = 0
        self.cells = [["." for _ in range(self.width)] for _ in range(self.height)]

    def show(self):
        return "\n".join("".join(row) for row in self.cells)
