from markup.render import escape, expand


class Text:
    def __init__(self, value):
        self.value = value

    def html(self):
        return escape(self.value)


class Bold(Text):
    def html(self):
        return f"<b>{escape(self.value)}</b>"


class Include(Text):
    def html(self):
        return expand(self.value)
