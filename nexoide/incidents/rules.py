"""Which rule of nexoide.toml a failure falls under: shell patterns over its type, message, place, target and logger."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from functools import lru_cache

from nexoide.config import IncidentRule
from nexoide.incidents.project import is_group
from nexoide.model.failure import Failure

MAX_PATTERN = 512
MAX_TEXT = 2048


def first_match(rules: Iterable[IncidentRule], failure: Failure, path: str, function: str) -> IncidentRule | None:
    """Return the first rule of which everything that is set matches, case and all; `path` and `function` are those of the failing frame.

    A type matches by its plain name or with its module, that of the exception itself or of a member of its group; a
    function by its qualified or its plain name. A rule that sets nothing to match by matches nothing.
    """
    for rule in rules:
        wanted = (
            (rule.type, _types),
            (rule.message, _messages),
            (rule.file, lambda _: (path,)),
            (rule.function, lambda _: (function, function.rpartition(".")[2])),
            (rule.target, lambda failure: (failure.target,)),
            (rule.logger, lambda failure: (failure.logger,)),
        )
        asked = [(pattern, texts) for pattern, texts in wanted if pattern]
        if asked and all(any(_matches(pattern, text) for text in texts(failure)) for pattern, texts in asked):
            return rule
    return None


def _types(failure: Failure) -> list[str]:
    found = []
    for position, raised in enumerate(failure.exceptions):
        if position == 0 or (raised.relation == "member" and not is_group(raised)):
            found += [raised.type, raised.type.rpartition(".")[2], f"{raised.module}.{raised.type}"]
    return found


def _messages(failure: Failure) -> list[str]:
    return [raised.message for raised in failure.exceptions[:1]] or [failure.log_message]


def _matches(pattern: str, text: str) -> bool:
    return _compiled(pattern[:MAX_PATTERN]).match(text[:MAX_TEXT]) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))
