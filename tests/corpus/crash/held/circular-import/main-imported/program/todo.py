class Todo:
    def __init__(self):
        self._items = []

    def list(self):
        return ", ".join(self._items) or "nothing to do"

    def create(self, title):
        self._items.append(title)
        return f"+ {title}"

    def remove(self, title):
        self._items.remove(title)
        return f"- {title}"
