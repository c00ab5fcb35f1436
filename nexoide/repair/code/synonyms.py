"""Verbs that commonly stand for the same act, so that a method renamed from one to the other can be found again."""

from __future__ import annotations

from nexoide.repair.code.names import similarity, words

_GROUPS = tuple(
    frozenset(row.split())
    for row in (
        "remove withdraw take delete drop discard pop subtract deduct erase evict unset",
        "add insert append put store push register save deposit include attach enqueue record",
        "get fetch load find read lookup retrieve query search obtain select",
        "send publish emit dispatch post notify deliver transmit",
        "compute calculate calc evaluate eval determine estimate",
        "create make build new construct generate produce",
        "start run launch begin execute open perform invoke call",
        "stop end finish close shutdown terminate halt cancel",
        "update modify change set edit alter refresh replace",
        "check verify validate test ensure confirm",
        "show display render print format draw describe present",
        "count total sum size length tally",
        "copy clone duplicate",
        "convert transform translate map to as",
        "list all items entries",
        "is has",
        "reset clear empty flush wipe",
        "parse decode deserialize deserialise from unpack loads",
        "serialize serialise encode dump dumps pack export",
        "merge combine join concat concatenate union",
        "sort order arrange rank",
        "reserve hold book allocate claim",
        "release free unbook deallocate",
        "write output save persist",
    )
)


def same_act(one: str, other: str) -> float:
    """Return how surely two names mean the same act: the same verb or one of its group, and what follows alike; 0 where they do not."""
    left, right = words(one), words(other)
    if not left or not right or left == right:
        return 0.0
    verbs = left[0] == right[0] or any(left[0] in group and right[0] in group for group in _GROUPS)
    if not verbs:
        return 0.0
    rest, others = left[1:], right[1:]
    if rest and others:
        score = similarity("_".join(rest), "_".join(others)) if rest != others else 1.0
        return 0.9 * score if score >= 0.7 else 0.0
    return 0.8 if not rest and not others else 0.6


_MEANINGS = tuple(
    frozenset(row.split())
    for row in (
        "price cost value amount worth",
        "count number quantity qty num",
        "name title label",
        "email mail",
        "phone telephone mobile",
        "created added made",
        "updated modified changed",
        "begin start from since",
        "end stop finish until",
        "duration time elapsed length",
        "size length",
        "user owner customer client account",
        "path file filename location",
        "text message content body",
        "message msg detail reason",
        "status state",
        "kind type category",
        "items entries rows records elements",
        "parent owner",
        "url link uri href address",
        "id identifier key uid",
        "score points rating",
        "width w",
        "height h",
        "position pos location place",
        "colour color",
        "salary wage pay",
        "maximum max limit",
        "minimum min",
        "average avg mean",
        "first given fore",
        "last family sur",
    )
)


def same_meaning(one: str, other: str) -> bool:
    """Say whether two names of values differ by one word, and that word by one that commonly says the same."""
    left, right = words(one), words(other)
    if len(left) != len(right) or not left:
        return False
    differing = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    return len(differing) == 1 and any(set(differing[0]) <= row for row in _MEANINGS)
