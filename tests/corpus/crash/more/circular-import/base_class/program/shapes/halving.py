from shapes import Plugin


class Halving(Plugin):
    name = "half"

    def run(self, value):
        return value // 2
