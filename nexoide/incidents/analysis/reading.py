"""An analysis of a journal, read in batches so that its length costs time and no memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from nexoide.errors import UsageError
from nexoide.incidents.analysis.fold import Fold
from nexoide.incidents.analysis.patterns import analysis_of, rolled_up, shortened
from nexoide.incidents.analysis.sentences import sentences
from nexoide.model.analysis import Analysis
from nexoide.model.incident import Incident

BATCH = 2000
SHORTEST = 10.0
LONGEST = 10 * 366 * 86400.0


class Events(Protocol):
    """What is read of a journal."""

    def read_raw(self, after: int = 0, limit: int = 1000) -> list[tuple[int, bytes]]:
        """Return numbers and JSON of the events after a number."""


def analyse(journal: Events, incidents: Mapping[str, Incident], *, ended: float, seconds: float) -> Analysis:
    """Return what the journal says of the `seconds` before `ended` (wall seconds); blocks, so it is called in a thread.

    `incidents` are all incidents as they are now. Raises UsageError for a span that is shorter than 10 s or longer than 10 years.
    """
    if not SHORTEST <= seconds <= LONGEST:
        raise UsageError("A span of 10 seconds to 10 years can be analysed: name another one, as 24h or 7d.")
    fold, after = Fold(ended - seconds, ended), 0
    while rows := journal.read_raw(after, BATCH):
        for _, raw in rows:
            fold.take(raw)
        after = rows[-1][0]
    found = analysis_of(fold, incidents, rolled_up(fold, incidents))
    return replace(shortened(found), sentences=sentences(found))
