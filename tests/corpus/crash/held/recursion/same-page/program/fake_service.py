class Service:
    def __init__(self, items, page_size):
        self._items = items
        self._size = page_size
        self.calls = 0

    def list(self, cursor):
        self.calls += 1
        end = cursor + self._size
        return {"items": self._items[cursor:end], "next": end if end < len(self._items) else None}
