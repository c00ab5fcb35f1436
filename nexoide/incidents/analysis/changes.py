"""What was changed, and when: so that it can be said after what a failure began."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from typing import TypeVar

from nexoide.model.analysis import Change
from nexoide.model.incident import Incident

T = TypeVar("T")
MAX_CHANGES = 5000
MAX_NAMES = 5000
MAX_WHAT = 200


class Changes:
    """Deployments and reloads that went live, by target; at most the newest 5,000 of each."""

    def __init__(self) -> None:
        self._patches: OrderedDict[str, str] = OrderedDict()
        self._begun: OrderedDict[str, tuple[str, Change]] = OrderedDict()
        self._done: dict[str, list[Change]] = {}

    def proposed(self, patch: str, title: str) -> None:
        """Remember what a patch is called."""
        _keep(self._patches, patch, title[:MAX_WHAT])

    def deploying(self, deployment: str, patch: str, target: str, action: str) -> None:
        """A deployment begins."""
        title = self._patches.get(patch, "")
        what = f"{'the revert of ' if action == 'revert' else ''}{patch}" + (f" ({title})" if title else "")
        _keep(self._begun, f"deployment {deployment}", (target, Change(kind="deployment", id=deployment, at=0.0, what=what)))

    def reloading(self, reload: str, target: str, paths: list[str]) -> None:
        """A reload begins."""
        what = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
        _keep(self._begun, f"reload {reload}", (target, Change(kind="reload", id=reload, at=0.0, what=what[:MAX_WHAT])))

    def live(self, kind: str, name: str, at: float) -> None:
        """What began (a `deployment` or a `reload`) is seen live."""
        target, change = self._begun.pop(f"{kind} {name}", ("", Change(kind=kind, id=name, at=0.0)))
        done = self._done.setdefault(target, []) if target in self._done or len(self._done) < MAX_NAMES else []
        done.append(Change(kind=kind, id=name, at=at, what=change.what))
        del done[:-MAX_CHANGES]

    def before(self, incident: Incident) -> Change | None:
        """Return the last change of an incident's targets or of its failing file before it was first seen, None where none is known."""
        found = []
        for target in dict.fromkeys((incident.target, *incident.targets)):
            done = self._done.get(target, [])
            place = bisect_right(done, incident.first_at, key=lambda change: change.at)
            found += done[place - 1 : place] if place else []
        if incident.examination is not None:
            commits = [*incident.examination.recent, *([incident.examination.introduced] if incident.examination.introduced else [])]
            found += [Change(kind="commit", id=one.id, at=one.at, what=one.subject) for one in commits if 0 < one.at <= incident.first_at]
        return max(found, key=lambda change: change.at, default=None)


def _keep(names: OrderedDict[str, T], name: str, value: T) -> None:
    names[name] = value
    while len(names) > MAX_NAMES:
        names.popitem(last=False)
