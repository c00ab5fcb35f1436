class Channel:
    def __init__(self, name, messages=()):
        self.name = name
        self.messages = list(messages)

    def since(self, at):
        return [m for m in self.messages if m["at"] > at]
