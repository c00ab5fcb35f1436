"""What the supervisor may ask of this process: to reload (in one step or two), to explain, what is live, and to stop counting."""

from __future__ import annotations

import os
import sys
import time

from .guard import quietly
from .messages import BadMessage, answer_of, changed_of, check_fields, files_of, fitted, pace_of, paths_of, refusal, watch_of
from .watch import Watches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

    from .messages import Wanted
    from .reload.ledger import File
    from .reload.report import ReloadReport
    from .reload.transaction import Prepared

    Send = Callable[[dict[str, Any]], bool]

KEPT_S = 30.0
"""How long something prepared is kept for its commit; a supervisor that ended in between commits nothing any more."""

MAX_MODULES = 2000

_watches = Watches()
_kept: dict[int, tuple[float, _Transaction]] = {}


def forked() -> None:
    """Count passes anew in the child of a fork, which has prepared nothing itself."""
    _watches.forked()
    _kept.clear()
    holding = sys.modules.get(f"{__package__}.holding")
    if holding is not None:
        holding.forget()
    transition = sys.modules.get(f"{__package__}.reload.switch.transition")
    if transition is not None:
        transition.forked()


def receive(message: dict[str, Any], send: Send) -> None:
    """Carry out one command; those with an id are answered in any case, unknown commands are passed over."""
    if message["t"] in _HANDLERS:
        begun = time.monotonic()
        number = message.get("id")
        _expire(begun)
        # Whoever asked must not wait for an answer that never comes, whatever ails the probe.
        done: Any = quietly(_carry_out, message)
        if done is None:
            done = refusal(f"The {message['t']} met a defect of the probe itself and was not finished: restart the program.")
        answer = {"t": "reply", "id": number if type(number) is int else -1, **done}
        if answer["t"] == "reply":
            answer["ms"] = round((time.monotonic() - begun) * 1000, 3)
            answer = fitted(answer)
        send(answer)
    elif message["t"] == "unwatch" and type(message.get("watch")) is str:
        _watches.stop(message["watch"])


def _carry_out(message: dict[str, Any]) -> dict[str, Any]:
    try:
        check_fields(message)
        return _HANDLERS[message["t"]](message)
    except BadMessage as error:
        return refusal(f"The {message['t']} was refused: {error}.")


def tick(send: Send) -> Optional[float]:
    """Send the totals that changed; returns in how many seconds to be called again, None for not at all."""
    wanted = _watches.tick(send)
    now = time.monotonic()
    _expire(now)
    holding = sys.modules.get(f"{__package__}.holding")
    held = holding.release(now) if holding is not None else None
    if held is not None:
        wanted = held if wanted is None else min(wanted, held)
    if not _kept:
        return wanted
    left = max(0.1, min(until for until, _ in _kept.values()) - now)
    return left if wanted is None else min(wanted, left)


def _expire(now: float) -> None:
    for number in [number for number, (until, _) in _kept.items() if until <= now]:
        quietly(_kept.pop(number)[1].abort)


class _Transaction:
    """What was asked for: got ready as far as it can be, with what is merely told of it."""

    def __init__(self, message: dict[str, Any], dry: bool) -> None:
        from . import reloader
        from .reload.report import ReloadReport
        from .reload.transaction import BOUND_S, prepare

        self.files = files_of(message)
        when, bound = pace_of(message)
        owner = reloader.Reloader(_roots())
        chosen = reloader.Chosen({file.path: _bytes(file) for file in self.files}, owner.owns)
        paths = [file.path for file in self.files]
        self._told, self._notes = tuple(chosen.told), (*chosen.notes, *_drift(self.files, chosen.files))
        self._prepared: Optional[Prepared] = None
        if chosen.refused:
            self.report = ReloadReport("refused", [*chosen.refused, *self._told], error=chosen.refused[0].reason, files=paths)
        elif not chosen.files:
            self.report = ReloadReport("already", self._told, self._notes, files=paths)
        else:
            wait = BOUND_S if bound is None else bound
            self._prepared = prepare(chosen.files, _watches.plain, when="now" if dry else when, bound=wait, dry=dry, workspace=owner.workspace())
            self.report = self._whole(self._prepared.report)

    def _whole(self, report: ReloadReport) -> ReloadReport:
        report.definitions += tuple(item for item in self._told if item not in report.definitions)
        report.notes = tuple(dict.fromkeys([*report.notes, *self._notes]))
        return report

    def commit(self, plainly: bool = False) -> ReloadReport:
        """Carry it out: everything or nothing; then, unless `plainly`, the program's callbacks are called."""
        from .reloader import finish

        if self._prepared is not None and self.report.ok:
            self.report = self._prepared.commit() if plainly else self._whole(finish(self._prepared))
        return self.report

    def abort(self) -> None:
        """Forget it."""
        if self._prepared is not None:
            self._prepared.abort()


def take_over(files: list[Wanted]) -> str:
    """Bring this process to some files at once, without the program's callbacks; returns why it cannot be done, "" where it is done."""
    message = {"files": [{"path": file.path, "base": file.base, "new": file.new} for file in files], "when": "now", "bound": 0.0}
    report = _Transaction(message, dry=False).commit(plainly=True)
    return "" if report.ok else report.error or "it is not loaded"


def _replay(message: dict[str, Any]) -> dict[str, Any]:
    from .replay import replay

    return replay(message)


def _drift(wanted: list[Wanted], files: list[File]) -> list[str]:
    """Say of which files another text runs than the change was made from: all that differs from it was taken over."""
    live = {file.path: file.base for file in files}
    return [
        f"{file.path}: what ran is not the text that the change was made from; the program was brought from what ran to the new text."
        for file in wanted
        if file.base is not None and live.get(file.path) is not None and _plain(live[file.path]) != _plain(file.base)
    ]


def _plain(text: Optional[str]) -> str:
    return (text or "").lstrip("\ufeff").replace("\r\n", "\n")


def _roots() -> list[str]:
    from . import sources

    return sources.roots or [os.environ.get("NEXOIDE_PROBE_ROOT") or os.getcwd()]


def _bytes(file: Wanted) -> Optional[bytes]:
    return None if file.new is None else file.new.encode("utf-8", "surrogatepass")


def _begin(message: dict[str, Any], *, dry_run: bool) -> _Transaction:
    enabled = getattr(sys, "_is_gil_enabled", None)
    if enabled is not None and not enabled():
        raise BadMessage("this interpreter runs without its global lock, where no swap can be atomic: restart the program")
    return _Transaction(message, dry_run)


def _reload(message: dict[str, Any]) -> dict[str, Any]:
    if type(message.get("dry_run")) is not bool:
        raise BadMessage("dry_run must be true or false")
    if message["dry_run"]:
        return _explain(message)
    watch = watch_of(message.get("watch"))
    return _finish(_begin(message, dry_run=False), watch)


def _explain(message: dict[str, Any]) -> dict[str, Any]:
    transaction = _begin(message, dry_run=True)
    transaction.abort()
    return answer_of(transaction.report)


def _prepare(message: dict[str, Any]) -> dict[str, Any]:
    for number in list(_kept):  # one at a time: the supervisor that asks again has given the earlier one up
        quietly(_kept.pop(number)[1].abort)
    transaction = _begin(message, dry_run=False)
    answer = answer_of(transaction.report)
    if answer["ok"]:
        _kept[message["id"]] = (time.monotonic() + KEPT_S, transaction)
    else:
        transaction.abort()
    return answer


def _commit(message: dict[str, Any]) -> dict[str, Any]:
    watch = watch_of(message.get("watch"))
    found = _kept.pop(message["id"], None)
    if found is None:
        return refusal(f"Nothing is prepared under {message['id']} any more (it is kept for {KEPT_S:g} s): reload again.")
    return _finish(found[1], watch)


def _abort(message: dict[str, Any]) -> dict[str, Any]:
    found = _kept.pop(message["id"], None)
    if found is not None:
        found[1].abort()
    return {**refusal(""), "ok": True, "state": "aborted"}


def _finish(transaction: _Transaction, watch: Optional[tuple[str, dict[str, list[tuple[int, int]]]]]) -> dict[str, Any]:
    answer = answer_of(transaction.commit())
    if answer["ok"]:
        quietly(_follow, transaction.files, answer["state"], watch)
    return answer


def _follow(files: list[Wanted], state: str, watch: Optional[tuple[str, dict[str, list[tuple[int, int]]]]]) -> None:
    texts = {file.path: file.new for file in files if file.new is not None}
    if state == "committed":
        for path, text in texts.items():
            _watches.reloaded(path, text)
    if watch is not None and state != "not_loaded":
        _watches.start(watch[0], watch[1], texts)


def _modules(message: dict[str, Any]) -> dict[str, Any]:
    from .reload import registry

    paths = paths_of(message)
    found = registry.modules(paths or None)
    return {"t": "modules", "modules": found[:MAX_MODULES]}


def _changed(message: dict[str, Any]) -> dict[str, Any]:
    from .reload import callbacks

    return answer_of(callbacks.changed(changed_of(message)))


_HANDLERS = {
    "reload": _reload,
    "prepare": _prepare,
    "commit": _commit,
    "abort": _abort,
    "explain": _explain,
    "modules": _modules,
    "changed": _changed,
    "replay": _replay,
}
