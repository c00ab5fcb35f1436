class Store:
    """Pages by name; an exception in place of a page is raised when it is read."""

    def __init__(self, pages):
        self.pages = pages

    def read(self, name):
        try:
            page = self.pages[name]
        except KeyError:
            raise FileNotFoundError(name) from None
        if isinstance(page, Exception):
            raise page
        return page
