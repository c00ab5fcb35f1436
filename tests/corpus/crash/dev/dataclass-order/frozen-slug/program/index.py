class Index:
    """Counts how often each article was handed in."""

    def __init__(self):
        self._counts = {}

    def add(self, article):
        self._counts[article] = self._counts.get(article, 0) + 1

    def listing(self):
        return sorted((article.slug, count) for article, count in self._counts.items())
