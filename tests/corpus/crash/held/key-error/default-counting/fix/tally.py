class Tally:
    """Counts what happened to whom, by kind."""

    def __init__(self, kinds):
        self.kinds = tuple(kinds)
        self.counts = {kind: {} for kind in self.kinds}

    def add(self, kind, who, amount=1):
        if kind not in self.counts:
            raise ValueError(f"unknown kind {kind}")
        self.counts[kind][who] = self.counts[kind].get(who, 0) + amount

    def of(self, who):
        return {kind: self.counts[kind].get(who, 0) for kind in self.kinds}

    def leader(self, kind):
        column = self.counts[kind]
        return max(sorted(column), key=column.get) if column else None
