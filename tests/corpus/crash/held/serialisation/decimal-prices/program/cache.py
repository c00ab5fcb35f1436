import json


class PriceCache:
    """Stands for the cache server, which stores text."""

    def __init__(self):
        self._entries = {}

    def put(self, key, value):
        self._entries[key] = json.dumps(value, sort_keys=True)

    def get(self, key):
        return json.loads(self._entries[key])
