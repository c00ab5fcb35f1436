class Settings:
    def __init__(self, values):
        self._values = dict(values)

    def lookup(self, name, default=None):
        return self._values.get(name, default)
