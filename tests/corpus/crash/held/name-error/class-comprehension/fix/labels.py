class Label:
    """A shelf label; SIZES gives the millimetres of every format that the printer takes."""

    MAX_WIDTH = 60
    RAW = {"S": (30, 20), "M": (50, 30), "L": (70, 40)}
    SIZES = dict(filter(lambda item, limit=MAX_WIDTH: item[1][0] <= limit, RAW.items()))

    def __init__(self, text, size="S"):
        if size not in self.SIZES:
            raise ValueError(f"the printer has no {size} labels")
        self.text = text
        self.size = size

    def area(self):
        width, height = self.SIZES[self.size]
        return width * height
