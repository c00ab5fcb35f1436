class Options:
    """Values by attribute; an option that nobody set is an AttributeError."""

    def __init__(self, values):
        self._values = dict(values)

    def __getattr__(self, name):
        if not name.startswith("_") and name in self._values:
            return self._values[name]
        raise AttributeError(f"no option {name!r}")

    def override(self, **changes):
        self._values.update(changes)
        return self

    def __contains__(self, name):
        return name in self._values
