from app import ALIASES
from todo import Todo

TODO = Todo()


def handle(line):
    word, _, rest = line.partition(" ")
    action = ALIASES.get(word, word)
    method = getattr(TODO, action, None)
    if method is None:
        return f"unknown: {word}"
    return method(rest) if rest else method()
