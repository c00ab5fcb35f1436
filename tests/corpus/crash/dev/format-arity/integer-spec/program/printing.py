class Receipt:
    WIDTH = 22

    def __init__(self, card=None):
        self.card = card
        self.lines = []

    def add(self, name, cents):
        self.lines.append((name, cents))

    @property
    def cents(self):
        return sum(cents for _, cents in self.lines)

    def text(self):
        rows = [f"{name:<12}{cents / 100:>10.2f}" for name, cents in self.lines]
        rows.append("-" * self.WIDTH)
        rows.append(f"{'sum':<12}{self.cents / 100:>10.2f}")
        if self.card is not None:
            rows.append(f"{'points':<12}{self.card.points(self.cents):>10d}")
        return "\n".join(rows)
