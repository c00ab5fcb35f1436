r"""Ruby: `app.rb:3:in 'total': message (TypeError)`, then `\\tfrom app.rb:7:in '<main>'`; and Elixir's `** (Error) message`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign.stack import Stack

_HEAD = re.compile(
    r"(?P<file>[^\s:][^\n:]{0,1000}):(?P<line>\d{1,9}):in [`'](?P<function>[^'\n]{1,300})': (?P<message>.{0,8000}) \("
    r"(?P<type>[A-Z]\w{0,100}(?:::[A-Z]\w{0,100}){0,12})\)$"
)
_FROM = re.compile(r"\t{1,2}(?: {0,8}\d{1,6}: )?from (?P<file>[^\n:]{1,1000}):(?P<line>\d{1,9})(?::in [`'](?P<function>[^'\n]{1,300})')?$")
_PLAIN = re.compile(r"\s{0,12}(?P<file>[^\s:][^\n:]{0,1000}\.(?:rb|erb|ru|rake)):(?P<line>\d{1,9}):in [`'](?P<function>[^'\n]{1,300})'$")
_RAILS = re.compile(r"(?P<type>[A-Z]\w{0,100}(?:::[A-Z]\w{0,100}){0,12}) \((?P<message>.{0,8000})\):?$")
_MORE = re.compile(r"\t{1,2} ?\.\.\. \d{1,9} levels\.\.\.$")
_ELIXIR = re.compile(r"\*\* \((?P<type>[A-Z][\w.]{0,200}|exit|throw)\) ?(?P<message>.{0,8000})$")
_ELIXIR_FRAME = re.compile(
    r"\s{4,12}(?:\([\w ]{1,60}(?:\d[\w.+-]{0,30})?\) )?(?P<file>[\w./-]{1,300}\.(?:exs?|erl)):(?P<line>\d{1,9}): (?P<function>[^\n]{1,300})$"
)


class Ruby(Stack):
    """A trace of Ruby."""

    language = "ruby"

    def belongs(self, line: str) -> bool:
        """Take a frame."""
        found = _FROM.match(line) or _PLAIN.match(line)
        if found is not None:
            self.frame(found["file"], found["line"], found["function"] or "<main>")
            return True
        return _MORE.match(line) is not None


class Elixir(Stack):
    """A trace of Elixir."""

    language = "elixir"

    def belongs(self, line: str) -> bool:
        """Take a frame."""
        found = _ELIXIR_FRAME.match(line)
        if found is not None:
            self.frame(found["file"], found["line"], found["function"])
        return found is not None


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return a trace that begins on this line, or with its first frame under the head before it."""
    if line.startswith("** ("):
        found = _ELIXIR.match(line)
        if found is not None:
            elixir = Elixir(found["type"], found["message"])
            elixir.keep(line)
            return elixir
    if ":in " not in line:
        return None
    found = _HEAD.match(line)
    if found is not None:
        stack = Ruby(found["type"], found["message"])
        stack.frame(found["file"], found["line"], found["function"])
        stack.keep(line)
        return stack
    if not (_FROM.match(line) or _PLAIN.match(line)):
        return None
    for back, earlier in enumerate(reversed(recent[-3:]), 1):
        found = _HEAD.match(earlier) or _RAILS.search(earlier[-2000:])
        if found is not None:
            stack = Ruby(found["type"], found["message"])
            stack.used = back
            stack.feed(line)
            return stack
    return None
