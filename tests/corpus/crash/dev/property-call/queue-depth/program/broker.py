class Channel:
    def __init__(self, name):
        self.name = name
        self.messages = []
        self.open = True

    def depth(self):
        return len(self.messages)


class Broker:
    def __init__(self):
        self._channels = {}

    def push(self, name, message):
        self._channels.setdefault(name, Channel(name)).messages.append(message)

    def close(self, name):
        self._channels[name].open = False

    def channels(self):
        return sorted(self._channels.values(), key=lambda channel: channel.name)
