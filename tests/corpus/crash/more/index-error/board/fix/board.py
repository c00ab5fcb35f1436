class Board:
    def __init__(self, width, height):
        self.width = width
        self.height = height
        self._cells = [["."] * width for _ in range(height)]

    def put(self, x, y, mark):
        self._check(x, y)
        self._cells[y][x] = mark

    def at(self, x, y):
        self._check(x, y)
        return self._cells[y][x]

    def _check(self, x, y):
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise ValueError(f"({x}, {y}) is off the board")

    def text(self):
        return "\n".join("".join(row) for row in self._cells)
