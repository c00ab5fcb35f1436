class Signal:
    def __init__(self, name):
        self.name = name
        self._listeners = {}

    def connect(self, key, listener):
        self._listeners[key] = listener

    def disconnect(self, key):
        del self._listeners[key]

    def names(self):
        return list(self._listeners)

    def emit(self, *values):
        """Call every listener that is connected now, in the order of connection."""
        for listener in self._listeners.values():
            listener(*values)
