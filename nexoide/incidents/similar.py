"""Which incidents of the past are like one: what was raised, where, with which words, through which libraries."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nexoide.incidents.parameterise import parameterise
from nexoide.incidents.places import plain
from nexoide.incidents.project import project_frames, stable_name
from nexoide.model.incident import Incident

WEIGHTS = {"type": 0.30, "class": 0.10, "file": 0.15, "function": 0.15, "message": 0.20, "libraries": 0.10}
"""How much each likeness counts; a stated belief, the whole is 1."""
LEAST = 0.3
MAX_FRAMES = 16
_WORD = re.compile(r"[^\W\d_]{3,40}")


def similar(incident: Incident, others: Iterable[Incident], limit: int = 5) -> list[tuple[Incident, float]]:
    """Return at most `limit` of `others` that are like an incident, the likest first, each with its score (0.3 to 1).

    Merged incidents and the incident itself are left out; of equal scores the later one goes first.
    """
    found = []
    for other in others:
        if other.id == incident.id or other.state == "merged":
            continue
        score = round(sum(WEIGHTS[part] * value for part, value in likeness(incident, other).items()), 3)
        if score >= LEAST:
            found.append((other, score))
    found.sort(key=lambda pair: (-pair[1], -pair[0].last_at, pair[0].id))
    return found[:limit]


def likeness(one: Incident, other: Incident) -> dict[str, float]:
    """Return how alike two incidents are in each of WEIGHTS, 0 to 1 each."""
    return {
        "type": float(bool(one.error_class) and _last(one.error_class) == _last(other.error_class)),
        "class": float(one.category == other.category and one.category != "other"),
        "file": float(bool(one.file) and one.file == other.file) or 0.5 * float(bool(one.file) and stable_name(one.file) == stable_name(other.file)),
        "function": float(bool(one.function) and plain(one.function) == plain(other.function)),
        "message": _overlap(_words(one.message), _words(other.message)),
        "libraries": _overlap(_libraries(one), _libraries(other)),
    }


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def _words(message: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(parameterise(message)))


def _libraries(incident: Incident) -> frozenset[str]:
    """Return the functions of other people's code that the sample's failure ended in."""
    if not incident.sample.exceptions:
        return frozenset()
    raised = incident.sample.exceptions[0]
    own = {id(frame) for frame, _ in project_frames(raised, None)}
    foreign = [frame for frame in raised.frames if id(frame) not in own]
    return frozenset(f"{stable_name(frame.file)}:{plain(frame.function)}" for frame in foreign[-MAX_FRAMES:])


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
