class Card:
    """Points for every full euro, times a factor, such as 1.5 in the weeks before Christmas."""

    def __init__(self, owner, factor=1):
        self.owner = owner
        self.factor = factor

    def points(self, cents):
        return cents // 100 * self.factor
