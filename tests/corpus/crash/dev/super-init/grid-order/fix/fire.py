from world import World


class Fire(World):
    def __init__(self, width, height, density):
        if density < 1:
            raise ValueError("density must be at least 1")
        self.density = density
        super().__init__(width, height)

    def reset(self):
        """Every density-th cell is a tree, and the first tree burns."""
        super().reset()
        for number in range(0, self.width * self.height, self.density):
            self.cells[number // self.width][number % self.width] = "T"
        self.cells[0][0] = "*"

    def step(self):
        burning = [(y, x) for y, row in enumerate(self.cells) for x, cell in enumerate(row) if cell == "*"]
        for y, x in burning:
            self.cells[y][x] = " "
            for dy, dx in ((0, self.density), (1, 0)):
                if y + dy < self.height and x + dx < self.width and self.cells[y + dy][x + dx] == "T":
                    self.cells[y + dy][x + dx] = "*"
        self.generation += 1
