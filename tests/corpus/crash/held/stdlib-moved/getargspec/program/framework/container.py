import inspect


class Container:
    """Builds objects by the names of their constructor's arguments."""

    def __init__(self):
        self._makers = {}
        self._made = {}

    def register(self, name, maker):
        self._makers[name] = maker

    def get(self, name):
        if name not in self._made:
            maker = self._makers[name]
            self._made[name] = maker(**self._needs(maker))
        return self._made[name]

    def _needs(self, maker):
        target = maker.__init__ if inspect.isclass(maker) else maker
        spec = inspect.getargspec(target)
        required = spec.args[: len(spec.args) - len(spec.defaults or ())]
        return {name: self.get(name) for name in required if name != "self"}
