"""What a target's end or ill health is to the feed: a failure without a traceback, said once, unless a traceback told of it already."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from nexoide.model.failure import Failure, Severity
from nexoide.probe.redact import redact
from nexoide.supervisor.targets.endings import Ending, cause, holds_trace

Take = Callable[[Failure], object]
SeenLately = Callable[[str], bool]
DiedOf = Callable[[str, int], bool]

WAIT_SECONDS = 1.0
"""How long the sources that read a program's last lines are given, before its end counts as a failure of its own."""
_TEXT = 4096
_MESSAGE = 1000


class EndFailures:
    """Tells `take` of what ended or is unwell.

    `seen_lately` says whether a failure of a target came by another source a moment ago, `died_of` whether one is known that ended
    the main thread of a process.
    """

    def __init__(self, take: Take | None, seen_lately: SeenLately, died_of: DiedOf) -> None:
        self._take, self._seen_lately, self._died_of = take, seen_lately, died_of
        self._waiting: dict[int, tuple[asyncio.TimerHandle, Callable[[], None]]] = {}
        self._number = 0

    def ended(self, name: str, pid: int, ending: Ending, tail: Sequence[str], at: float) -> None:
        """Take the end of a process that nobody asked for; it is told after a moment, where no traceback told of it meanwhile."""
        if self._take is None or ending.code == 0 or ending.why:
            return
        text = redact("\n".join(tail)[-_TEXT:])
        words = f"{name} {cause(ending)}"
        if ending.last_line and not ending.signal:
            words += f": {redact(ending.last_line)}"  # of a signal the last line says nothing, and is another one each time
        severity: Severity = "warning" if ending.code is None else "critical" if ending.signal or ending.memory else "error"
        failure = _failure(name, words, at, pid=pid, severity=severity, text=text)
        traced = holds_trace("\n".join(tail), fatal=ending.signal > 0)

        def tell() -> None:
            # Between its last exception and its end a process may wait, for its threads or to send a report, as long as it likes.
            known = (not ending.signal and self._died_of(name, pid)) or (traced and self._seen_lately(name))
            if self._take is not None and not known:
                self._take(failure)

        self._later(tell)

    def told(self, name: str, sentence: str, at: float, *, pid: int = 0, severity: Severity = "error") -> None:
        """Tell of what no traceback can tell of: a target that is unwell, or cannot be started at all."""
        if self._take is not None:
            self._take(_failure(name, redact(sentence), at, pid=pid, severity=severity, text=""))

    def flush(self) -> None:
        """Tell what still waits."""
        waiting, self._waiting = self._waiting, {}
        for timer, tell in waiting.values():
            timer.cancel()
            tell()

    def _later(self, tell: Callable[[], None]) -> None:
        self._number = number = self._number + 1

        def due() -> None:
            if self._waiting.pop(number, None) is not None:
                tell()

        self._waiting[number] = (asyncio.get_running_loop().call_later(WAIT_SECONDS, due), tell)


def _failure(name: str, words: str, at: float, *, pid: int, severity: Severity, text: str) -> Failure:
    return Failure(target=name, pid=pid, source="output", at=at, log_message=words[:_MESSAGE], severity=severity, origin="output", text=text[:_TEXT])
