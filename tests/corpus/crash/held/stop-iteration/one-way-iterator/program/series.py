class Series:
    """The numbers of a text, which are read one by one (the text may be large)."""

    def __init__(self, text):
        self.text = text
        self.position = 0

    def __iter__(self):
        return self

    def __next__(self):
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1
        if self.position >= len(self.text):
            raise StopIteration
        start = self.position
        while self.position < len(self.text) and not self.text[self.position].isspace():
            self.position += 1
        return int(self.text[start:self.position])
