"""Failures from programs that nexoide did not start: by sentry-sdk, as plain JSON, from a test run or out of a file."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from nexoide.config import IngestSettings
from nexoide.errors import NexoideError, NotFoundError, UsageError
from nexoide.incidents import bounded, posted
from nexoide.incidents.documents import document, table
from nexoide.incidents.probe_source import failure_from
from nexoide.incidents.sentry.envelope import Envelope
from nexoide.incidents.sentry.reading import Reading, steps
from nexoide.model.commands import Reported, SourceStatus
from nexoide.model.failure import Failure
from nexoide.supervisor.ingest_address import HOST, Address, keep, kept, listen
from nexoide.supervisor.ingest_counts import Notices, OnRoutes, Tallies, Traffic
from nexoide.supervisor.peers import Peers

FILE_NAME = "ingest.json"
FIRST_PROJECT = 1
YIELD_EVERY = 16
MAX_NAMED = 100
REPORTED = frozenset({"pytest", "sentry", "posted", "file"})
"""What a tool of ours may read and send: a probe's failures come from probes alone."""


class Take(Protocol):
    """Counts a failure that stands for `count` like it."""

    def __call__(self, failure: Failure, count: int = 1, /) -> object:
        """Take it; returns the incident that it was counted for, where that is known at once."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The process at the other end of a connection: 0 and "" where it is not known, or of no target."""

    pid: int = 0
    target: str = ""


NOBODY = Sender()


class Ingest:
    """The address, the key, what came in, and the way to the feed. All of it belongs to the event loop.

    `targets` are the names of the settings in their order: project 2 of a DSN is the first of them. `running` names those that
    run now: what comes from project 1 is that target's where there is exactly one. `peers` knows
    the process that made a connection; then its target counts. `take` counts a failure, `on_routes` takes
    requests that were served, `on_notice` one sentence for the operator.
    """

    def __init__(
        self,
        *,
        folder: Path,
        settings: IngestSettings,
        targets: Sequence[str],
        take: Take,
        wall: Callable[[], float],
        running: Callable[[], Sequence[str]] = tuple,
        peers: Peers | None = None,
        on_routes: OnRoutes | None = None,
        on_notice: Callable[[str], None] | None = None,
    ) -> None:
        self._path = folder / FILE_NAME
        self._settings, self._targets, self._running, self._take, self._wall = settings, tuple(targets), running, take, wall
        self._peers = peers
        self._tallies, self.notices, self._traffic = Tallies(), Notices(on_notice), Traffic(on_routes, wall)
        self._address = Address(0, "")
        self.socket: socket.socket | None = None

    def open(self) -> None:
        """Begin to listen, where the settings want it; whatever goes wrong is said, and the supervisor runs without."""
        if not self._settings.enabled:
            return
        before = kept(self._path)
        wanted = self._settings.port or before.port
        try:
            self.socket, problem = listen(wanted)
            self._address = Address(self.socket.getsockname()[1], before.key)
            if self._address != before or not self._path.exists():
                keep(self._path, self._address)
        except NexoideError as error:
            self.notices.say("address", error.sentence)
            return
        if problem:
            where = f"failures are taken at port {self._address.port} now"
            self.notices.say("address", f"{problem}: {where}; give programs the DSN of 'nexoide status --json' anew.")

    def close(self) -> None:
        """Pass on what was counted, and listen no more."""
        self._traffic.flush()
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    @property
    def port(self) -> int:
        """The port, 0 where nothing listens."""
        return self._address.port if self.socket is not None else 0

    @property
    def dsn(self) -> str:
        """What a program that uses sentry-sdk is given, "" where nothing listens."""
        return f"http://{self._address.key}@{HOST}:{self.port}/{FIRST_PROJECT}" if self.socket is not None else ""

    @property
    def errors_url(self) -> str:
        """Where plain JSON is posted, "" where nothing listens."""
        return f"http://{HOST}:{self.port}/api/v1/errors?key={self._address.key}" if self.socket is not None else ""

    def sources(self) -> tuple[SourceStatus, ...]:
        """Return what came in so far."""
        return self._tallies.statuses()

    def knows(self, key: str) -> bool:
        """Whether that is our key; takes as long for every wrong one."""
        return bool(self._address.key) and secrets.compare_digest(key.encode("utf-8", "replace"), self._address.key.encode())

    def refused(self, what: str, sentence: str, kind: str = "sentry") -> None:
        """Count and say that something was not let in; `what` is a word or two."""
        self._tallies.of(kind, "").add(_one(f"refused: {what}"))
        self.notices.say(what, sentence)

    def target_of(self, project: int, sender: Sender = NOBODY) -> str:
        """Return whose failures come from a project of a DSN; raises NotFoundError where there is no such project."""
        if project == FIRST_PROJECT:
            return sender.target or (self._only("sentry") if not sender.pid else "sentry")
        if FIRST_PROJECT < project <= FIRST_PROJECT + len(self._targets):
            return self._targets[project - FIRST_PROJECT - 1]
        others = f", 2 to {FIRST_PROJECT + len(self._targets)} are the targets of nexoide.toml" if self._targets else ""
        raise NotFoundError(f"There is no project {project}: {FIRST_PROJECT} is any program{others}.")

    async def sender(self, port: int) -> Sender:
        """Return who is connected from a port."""
        if self._peers is None or not port:
            return NOBODY
        known = self._peers.known(port)
        pid, target = known if known is not None else await asyncio.to_thread(self._peers.who, port, self.port)
        return Sender(pid, target)

    def _only(self, otherwise: str) -> str:
        running = self._running()
        return running[0] if len(running) == 1 else otherwise

    async def envelope(self, envelope: Envelope, project: int, sender: Sender = NOBODY, *, cut: bool = False) -> None:
        """Take an envelope, item by item; `cut` says that its body ended before its end. Raises NotFoundError for a project that is none."""
        reading = Reading(self.target_of(project, sender), self._wall())
        if cut:
            reading.problem("it ended before its end")
        for number, _ in enumerate(steps(envelope, reading), 1):
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)
        self._read(reading, sender)

    def event(self, payload: dict[str, object], project: int, sender: Sender = NOBODY) -> None:
        """Take one event as the older `store` endpoint gets it. Raises NotFoundError for a project that is none."""
        reading = Reading(self.target_of(project, sender), self._wall())
        reading.event(payload)
        self._read(reading, sender)

    def _read(self, reading: Reading, sender: Sender) -> None:
        tally = self._tallies.of("sentry", reading.target)
        for failure in reading.failures:
            self._take(failure if failure.pid else replace(failure, pid=sender.pid), 1)
        tally.failures += len(reading.failures)
        tally.dropped += reading.dropped
        tally.add(reading.counts)
        for served in reading.served:
            self._traffic.take(reading.target, served)
        for left in reading.left_out:
            tally.dropped += left.quantity
            tally.note = f"the program left out events: {left.reason}"
            if not left.meant:
                self.notices.say("left out", f"{reading.target} did not send {left.quantity} errors ({left.reason}): they are not in the feed.")
        if reading.problems:
            tally.note = f"an envelope was read in part: {reading.problems[0]}"
            self.notices.say("envelopes", f"An envelope of {reading.target} was read in part: {'; '.join(reading.problems)}.")

    def posted(self, body: bytes, *, lines: bool) -> Reported:
        """Take failures as plain JSON (see `nexoide.incidents.posted`); raises UsageError where nothing of it can be taken."""
        batch = posted.read(body, lines=lines, now=self._wall())
        named: dict[str, None] = {}
        only = self._only("posted")
        for item in batch.items:
            failure = item.failure if item.failure.target else replace(item.failure, target=only)
            tally = self._tallies.of("posted", failure.target)
            tally.failures += item.count
            _name(named, self._take(failure, item.count))
        if batch.refused:
            self._tallies.of("posted", only).dropped += len(batch.refused)
        accepted = sum(item.count for item in batch.items)
        return Reported(accepted=accepted, incidents=tuple(named)[:MAX_NAMED], refused=tuple(batch.refused.values())[:MAX_NAMED])

    def reported(self, body: bytes) -> Reported:
        """Take a list of failures that a tool of ours has read, those of a test run or of a file; raises UsageError where one is none."""
        items = document(body)
        if not isinstance(items, list):
            raise UsageError("The body is no list of failures: send a JSON list.")
        failures = [failure_from({"failure": item}, bounded.line(table(item).get("target"), 64)) for item in items]
        named: dict[str, None] = {}
        for failure in failures:
            if failure.source not in REPORTED:
                raise UsageError(f"A failure of source {failure.source} is not reported this way: it must be one of {', '.join(sorted(REPORTED))}.")
        for failure in failures:
            taken = failure if failure.target else replace(failure, target=self._only(failure.source))
            self._tallies.of(taken.source, taken.target).failures += 1
            _name(named, self._take(taken, 1))
        return Reported(accepted=len(failures), incidents=tuple(named)[:MAX_NAMED])


def _name(named: dict[str, None], incident: object) -> None:
    if isinstance(incident, str) and incident:
        named[incident] = None


def _one(name: str) -> Counter[str]:
    return Counter({name: 1})
