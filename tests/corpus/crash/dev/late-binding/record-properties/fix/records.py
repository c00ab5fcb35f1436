"""Classes over raw dictionaries, with an attribute per key."""


class ReadOnly(AttributeError):
    pass


def attribute(name, readonly):
    def read(self):
        return self.raw[name]

    def write(self, value):
        if name in readonly:
            raise ReadOnly(name)
        self.raw[name] = value

    return property(read, write)


def record(*names, readonly=()):
    def decorate(cls):
        for name in names + tuple(readonly):
            setattr(cls, name, attribute(name, readonly))
        return cls

    return decorate
