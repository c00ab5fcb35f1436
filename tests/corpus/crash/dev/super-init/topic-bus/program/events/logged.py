from events.bus import Bus


class LoggedBus(Bus):
    """Keeps the topics of the last few messages."""

    def __init__(self, limit=100):
        self.limit = limit
        self.log = []

    def publish(self, topic, data):
        self.log.append(topic)
        del self.log[: -self.limit]
        super().publish(topic, data)
