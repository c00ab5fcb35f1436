class Counter:
    """A number kept in a file; counting starts at 0 where there is no file yet."""

    def __init__(self, path):
        self.path = path

    def value(self):
        if not self.path.exists():
            return 0
        return int(self.path.read_text())

    def bump(self):
        number = self.value() + 1
        self.path.write_text(str(number))
        return number
