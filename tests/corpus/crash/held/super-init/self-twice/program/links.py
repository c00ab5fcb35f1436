from html.parser import HTMLParser


class LinkFinder(HTMLParser):
    def __init__(self, base):
        super().__init__(self, convert_charrefs=True)
        self.base = base
        self.links = []
        self._address = None
        self._label = []

    def handle_starttag(self, tag, attributes):
        address = dict(attributes).get("href")
        if tag == "a" and address:
            self._address = address if "://" in address else self.base + address
            self._label = []

    def handle_data(self, data):
        if self._address:
            self._label.append(data)

    def handle_endtag(self, tag):
        if tag == "a" and self._address:
            self.links.append((self._address, "".join(self._label)))
            self._address = None
