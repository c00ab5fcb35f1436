class NotFound(Exception):
    pass


class Book:
    def __init__(self):
        self._numbers = {}

    def add(self, name, number):
        self._numbers[name] = number

    def find(self, name):
        if name not in self._numbers:
            raise NotFound(name)
        return self._numbers[name]
