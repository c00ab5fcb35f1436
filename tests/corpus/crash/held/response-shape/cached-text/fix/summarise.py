from cache import Cache
from model import complete


class Summariser:
    def __init__(self) -> None:
        self.cache = Cache()

    def summarise(self, document: str) -> str:
        text = self.cache.lookup(document)
        if text is None:
            text = complete(document).text
            self.cache.remember(document, text)
        return text.removeprefix("Summary: ")
