class Total:
    def __init__(self):
        self.seconds = 0

    def __call__(self, seconds):
        self.seconds += seconds


class FirstOnly:
    """Takes the first value and leaves."""

    def __init__(self, signal):
        self.signal = signal
        self.seen = None

    def __call__(self, seconds):
        self.seen = seconds
        self.signal.disconnect("first")
