from shapes import Plugin


class Doubling(Plugin):
    name = "double"

    def run(self, value):
        return value * 2
