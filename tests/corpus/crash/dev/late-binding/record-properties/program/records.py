"""Classes over raw dictionaries, with an attribute per key."""


class ReadOnly(AttributeError):
    pass


def record(*names, readonly=()):
    def decorate(cls):
        for name in names + tuple(readonly):
            def read(self):
                return self.raw[name]

            def write(self, value):
                if name in readonly:
                    raise ReadOnly(name)
                self.raw[name] = value

            setattr(cls, name, property(read, write))
        return cls

    return decorate
