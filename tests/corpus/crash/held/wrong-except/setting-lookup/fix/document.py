class Document:
    """Values of nested data by dotted paths."""

    def __init__(self, data):
        self.data = data

    def walk(self, path):
        value = self.data
        for part in path.split("."):
            value = value[int(part) if isinstance(value, list) else part]
        return value

    def get(self, path, default=None):
        """The value, or the default where the path leads nowhere."""
        try:
            return self.walk(path)
        except (IndexError, KeyError):
            return default
