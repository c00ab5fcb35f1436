class Poll:
    """Votes by option; shares are in percent and all 0.0 as long as nobody has voted."""

    def __init__(self, *options):
        self.votes = dict.fromkeys(options, 0)

    def vote(self, option, count=1):
        if option not in self.votes:
            raise KeyError(option)
        self.votes[option] += count

    @property
    def total(self):
        return sum(self.votes.values())

    def share_of(self, option):
        if self.total == 0:
            return 0.0
        return 100 * self.votes[option] / self.total

    def shares(self):
        total = self.total
        if total == 0:
            return dict.fromkeys(self.votes, 0.0)
        return {option: round(100 * count / total, 1) for option, count in self.votes.items()}
