class Journal:
    def __init__(self, path):
        self.path = path
        self._kept = []

    def write(self, lines):
        with open(self.path, "a", encoding="utf-8") as handle:
            for line in lines:
                handle.write(line + "\n")

    def read(self):
        with open(self.path, encoding="utf-8") as handle:
            return handle.read().splitlines()
