import inspect


class Router:
    def __init__(self):
        self._commands = {}

    def register(self, function):
        spec = inspect.getfullargspec(function)
        self._commands[function.__name__] = (function, spec.args, spec.defaults or ())
        return function

    def call(self, name, values):
        function, names, _ = self._commands[name]
        return function(**{n: values[n] for n in names if n in values})

    def describe(self):
        return {name: {"args": names, "optional": len(defaults)} for name, (_, names, defaults) in self._commands.items()}
