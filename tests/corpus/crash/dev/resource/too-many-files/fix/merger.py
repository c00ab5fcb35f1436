class Merger:
    """Joins parts in the order in which they were added, without their comments."""

    def __init__(self):
        self._parts = []

    def add(self, path):
        with open(path, encoding="utf-8") as handle:
            lines = [line for line in handle if not line.startswith("#")]
        self._parts.append((path.name, lines))

    def write(self, target):
        count = 0
        with open(target, "w", encoding="utf-8") as out:
            for _, lines in self._parts:
                for line in lines:
                    out.write(line)
                    count += 1
        return count
