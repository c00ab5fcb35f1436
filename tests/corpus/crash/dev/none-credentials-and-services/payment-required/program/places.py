import json
from urllib.parse import quote
from urllib.request import urlopen


class Places:
    def __init__(self, base):
        self.base = base
        self.known = {}

    def locate(self, address):
        if address not in self.known:
            with urlopen(f"{self.base}/search?q={quote(address)}", timeout=5) as answer:
                self.known[address] = json.load(answer)["point"]
        return self.known[address]
