class Bus:
    def __init__(self, strict=False):
        self._handlers = {}
        self.strict = strict
        self.lost = 0

    def subscribe(self, topic, handler):
        self._handlers.setdefault(topic, []).append(handler)

    def publish(self, topic, data):
        handlers = self._handlers.get(topic, [])
        if not handlers:
            if self.strict:
                raise LookupError(topic)
            self.lost += 1
        for handler in handlers:
            handler(data)
