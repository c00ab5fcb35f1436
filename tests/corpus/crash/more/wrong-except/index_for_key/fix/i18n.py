class Catalog:
    def __init__(self, entries):
        self._entries = dict(entries)
        self.missing = []

    def translate(self, word):
        """The word's translation, or the word itself (noted as missing)."""
        try:
            return self._entries[word]
        except KeyError:
            self.missing.append(word)
            return word
