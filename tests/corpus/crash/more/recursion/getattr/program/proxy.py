class Proxy:
    def __init__(self, target):
        self._target = target

    def __getattr__(self, name):
        return getattr(self._target, name)

    def __repr__(self):
        return f"<proxy of {self._target!r}>"
