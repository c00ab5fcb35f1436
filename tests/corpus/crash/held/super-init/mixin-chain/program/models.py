from mixins import Timestamped, Tracked


class Model:
    def __init__(self, **fields):
        self.fields = dict(fields)

    def set(self, name, value):
        if name not in self.fields:
            raise KeyError(name)
        self.fields[name] = value


class Article(Timestamped, Tracked, Model):
    pass


class Note(Tracked, Model):
    pass
