LEVELS = ("info", "warning", "critical")


class Audit:
    def __init__(self):
        self.entries = []

    def record(self, event, level="info", **fields):
        if level not in LEVELS:
            raise ValueError(f"unknown level {level}")
        self.entries.append({"event": event, "level": level, **fields})

    def critical(self):
        return [entry for entry in self.entries if entry["level"] == "critical"]
