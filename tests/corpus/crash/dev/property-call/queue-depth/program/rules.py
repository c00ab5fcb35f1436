class Watch:
    def __init__(self, limit):
        self.limit = limit

    def state(self, channel):
        if not channel.open:
            return "closed"
        if channel.depth > self.limit:
            return "too long"
        return "fine"

    def states(self, broker):
        return [(channel.name, self.state(channel)) for channel in broker.channels()]
