"""How alike two identifiers are: letters (typing mistakes) and words (renames that reorder, add or drop a word)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

ALIKE = 0.7
TIE = 0.05

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

# Names that differ by one of these mean opposite things, however alike their letters are.
_OPPOSITES = frozenset(
    frozenset(pair.split())
    for pair in [
        "get set",
        "add remove",
        "start stop",
        "open close",
        "min max",
        "first last",
        "read write",
        "push pop",
        "encode decode",
        "load save",
        "load dump",
        "enable disable",
        "begin end",
        "next previous",
        "next prev",
        "up down",
        "in out",
        "left right",
        "before after",
        "input output",
        "request response",
        "source target",
        "src dst",
        "send receive",
        "lock unlock",
        "reserve release",
        "increment decrement",
        "inc dec",
        "deposit withdraw",
        "debit credit",
        "attach detach",
        "connect disconnect",
        "show hide",
        "to from",
        "put get",
        "join leave",
        "parent child",
        "lower upper",
        "rows columns",
        "width height",
        "create delete",
        "insert delete",
        "subscribe unsubscribe",
        "append pop",
        "old new",
        "debit deposit",
        "buy sell",
        "accept reject",
        "valid invalid",
        "sync async",
        "key value",
        "get delete",
        "set delete",
        "acquire release",
        "gross net",
        "encrypt decrypt",
    ]
)
# A word that says what kind of value it is: `customer` is not `customer_id`.
_KINDS = frozenset(
    [
        "id",
        "ids",
        "name",
        "names",
        "count",
        "counts",
        "at",
        "type",
        "types",
        "url",
        "path",
        "size",
        "index",
        "key",
        "keys",
        "code",
        "date",
        "time",
        "list",
        "map",
        "by",
        "is",
        "has",
        "num",
        "total",
        "no",
        "number",
    ]
)

_FAMILIES = tuple(
    frozenset(row.split())
    for row in (
        "content text output body value message data result answer completion payload response reply",
        "id identifier key uid uuid pk ident",
        "name title label",
        "title heading header caption headline",
        "count size length quantity qty number",
        "items results data records rows entries elements",
        "url uri href link",
        "status state code",
        "error reason detail message",
        "created_at timestamp time date created when published posted updated",
        "price cost amount sum",
        "customer client user account buyer owner",
        "timeout deadline",
        "currency unit",
    )
)


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of an identifier: `reserveStock2` is (reserve, stock, 2)."""
    return tuple(word.lower() for word in _WORD.findall(name))


def same_family(one: str, other: str) -> bool:
    """Say whether two names commonly stand for the same thing of a shape (`content` and `text`)."""
    one, other = one.strip("_").lower(), other.strip("_").lower()
    return any(one in family and other in family for family in _FAMILIES)


@lru_cache(maxsize=8192)
def similarity(one: str, other: str) -> float:
    """Return how alike two identifiers are, 0 to 1.

    The larger of the letters' ratio (difflib) and the overlap of their words; 0 where they differ by opposite words or
    by a number, and less where only one of them has a word that names a kind of value.
    """
    if one == other:
        return 1.0
    left, right = words(one), words(other)
    if not left or not right:
        return 0.0
    if "".join(left) == "".join(right):
        return 0.97
    only_left, only_right = set(left) - set(right), set(right) - set(left)
    if {word for word in only_left | only_right if word.isdigit()}:
        return 0.0
    if any(frozenset((a, b)) in _OPPOSITES for a in only_left for b in only_right):
        return 0.0
    ratio = SequenceMatcher(None, "".join(left), "".join(right)).ratio()
    if len(left) == len(right) == 1:
        short, whole = sorted((left[0], right[0]), key=len)
        return 0.8 if _within(short, whole) and len(short) >= 3 and len(whole) - len(short) > 1 else 0.95 * ratio
    matched = sum(1.0 if word in right else 0.85 if any(_alike(word, item) for item in right) else 0.0 for word in left)
    matched = min(matched, len(left), len(right))
    overlap, union = matched / min(len(left), len(right)), matched / max(len(left), len(right))
    score = max(0.95 * ratio, 0.55 * overlap + 0.45 * union if matched else 0.0)
    if len(left) != len(right) and (only_left | only_right) & _KINDS:
        score *= 0.75
    return score


def closest(name: str, candidates: Iterable[str], least: float = ALIKE) -> list[tuple[float, str]]:
    """Return the candidates that are alike enough, the most alike first."""
    scored = [(similarity(name, item), item) for item in dict.fromkeys(candidates) if item != name]
    return sorted((row for row in scored if row[0] >= least), key=lambda row: (-row[0], row[1]))


def is_tie(ranked: list[tuple[float, str]]) -> bool:
    """Say whether the two best candidates are too close to choose between."""
    return len(ranked) > 1 and ranked[0][0] - ranked[1][0] < TIE


def is_opposite(one: str, other: str) -> bool:
    """Say whether two names differ by words that mean opposite things."""
    left, right = set(words(one)), set(words(other))
    return any(frozenset((a, b)) in _OPPOSITES for a in left - right for b in right - left)


def _alike(one: str, other: str) -> bool:
    if one == other or one.rstrip("s") == other.rstrip("s"):
        return True
    if min(len(one), len(other)) >= 3 and one[0] == other[0] and (_within(one, other) or _within(other, one)):
        return True
    return len(one) > 3 and SequenceMatcher(None, one, other).ratio() >= 0.8


def _within(short: str, whole: str) -> bool:
    """Say whether `short` abbreviates `whole`: its letters in order, ending alike or beginning alike (`qty`, `msg`, `config`)."""
    if len(short) >= len(whole):
        return False
    letters = iter(whole)
    return all(letter in letters for letter in short) and (whole.startswith(short) or not set(short[1:]) & set("aeiou"))
