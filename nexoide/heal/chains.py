"""Patches in several rounds: where one repair lets the program come to the next failure, that one is repaired in the patched copy."""

from __future__ import annotations

from collections.abc import Sequence

from nexoide.repair.proposal import Proposal

MAX_ROUNDS = 4
MAX_TITLE = 200


def joined(first: Proposal, then: Proposal) -> Proposal:
    """Return two proposals as one, `then` made on top of `first`: against the files as they were before both."""
    files = dict(first.files)
    for path, (base, new) in then.files.items():
        held = files.get(path)
        files[path] = (held[0] if held is not None else base, new)
    return Proposal(
        rule=first.rule if first.rule == then.rule else f"{first.rule}, {then.rule}",
        title=f"{first.title}; then {then.title[:1].lower()}{then.title[1:]}"[:MAX_TITLE],
        rationale=f"{first.rationale} With that repaired, the next failure appears: {then.rationale}",
        files={path: pair for path, pair in files.items() if pair[0] != pair[1]},
        prior=round(first.prior * then.prior, 3),
        cautions=_each(first.cautions, then.cautions),
        nature=then.nature if first.nature == "origin" else first.nature,
        guesses=first.guesses or then.guesses,
        alternatives=_each(first.alternatives, then.alternatives),
        unchecked=_each(first.unchecked, then.unchecked),
    )


def _each(*groups: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
