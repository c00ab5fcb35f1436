class Day:
    def __init__(self, name, produced, used):
        self.name = name
        self.produced = sum(produced)
        self.used = sum(used)

    def used_per_produced(self):
        """How much is used per unit produced; None on a day without production."""
        if self.produced is 0.0:
            return None
        return self.used / self.produced
