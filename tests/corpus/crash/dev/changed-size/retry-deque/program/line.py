class Line:
    """A line that refuses some messages a number of times."""

    def __init__(self, refuse):
        self.refuse = dict(refuse)
        self.sent = []

    def send(self, message):
        if self.refuse.get(message, 0) > 0:
            self.refuse[message] -= 1
            return False
        self.sent.append(message)
        return True
