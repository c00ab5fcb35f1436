from collections import OrderedDict
from typing import Any, Hashable


class LruCache:
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._data: "OrderedDict[Hashable, Any]" = OrderedDict()
        self.misses = 0

    def get(self, key: Hashable, default: Any = None) -> Any:
        if key not in self._data:
            self.misses += 1
            return default
        self._data.move_to_end(key)
        return self._data[key]

    def put(self, key: Hashable, value: Any) -> None:
        self._data[key] = value
        self._data.move_to_end(key)
        while len(self._data) > capacity:
            self._data.popitem(last=False)

    def keys(self):
        return list(self._data)
