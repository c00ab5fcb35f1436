class Cache:
    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self.hits = 0

    def remember(self, prompt: str, text: str) -> None:
        self._texts[prompt] = text

    def lookup(self, prompt: str):
        text = self._texts.get(prompt)
        self.hits += text is not None
        return text
