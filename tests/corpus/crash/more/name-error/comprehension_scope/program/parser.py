import re
from typing import NamedTuple


class Token(NamedTuple):
    kind: str
    text: str


class Tokenizer:
    PATTERN = re.compile(r"\s*(?:(\d+)|([A-Za-z_]\w*)|(.))")
    KINDS = ("number", "name", "symbol")

    def tokens(self, text):
        for match in self.PATTERN.finditer(text.strip()):
            yield Token(KINDS[match.lastindex - 1], match.group(match.lastindex))

    def count(self, text):
        return sum(1 for _ in self.tokens(text))


def tokens_of(text):
    return list(Tokenizer().tokens(text))
