from cache import Cache
from model import complete


class Summariser:
    def __init__(self) -> None:
        self.cache = Cache()

    def summarise(self, document: str) -> str:
        reply = self.cache.lookup(document) or complete(document)
        self.cache.remember(document, reply.text)
        return reply.text.removeprefix("Summary: ")
