"""monitor, while it goes on: a table that changes on a terminal, lines elsewhere."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from typing import Any, Protocol

from nexoide.cli.monitor import HEADERS, ordered, origin_of, row, summary
from nexoide.cli.output import clean, emit, emit_sentence
from nexoide.incidents.files.catalogue import Watched
from nexoide.incidents.files.follower import Follower
from nexoide.incidents.files.patterns import Pattern
from nexoide.incidents.files.tally import Group, Tally
from nexoide.incidents.logs import LogReader
from nexoide.model.failure import Failure

PACE_SECONDS = 0.25
"""How often at most an incident's count is told again."""


class _Shows(Protocol):
    """Where it is told what was found."""

    def opened(self, group: Group) -> None:
        """A failure of a new kind."""

    def changed(self, groups: list[Group]) -> None:
        """More of known kinds; called as well, a moment later, where there was only something new."""

    def end(self) -> None:
        """Nothing more comes."""


def follow(patterns: list[Pattern], tally: Tally, *, as_json: bool) -> None:
    """Tell what is found until Ctrl-C or the signal TERM."""
    asyncio.run(_follow(patterns, tally, as_json=as_json))


async def _follow(patterns: list[Pattern], tally: Tally, *, as_json: bool) -> None:
    await _Monitor(patterns, tally, as_json=as_json).run()


class _Monitor:
    """Follows the logs and tells changes at a pace that a person can follow."""

    def __init__(self, patterns: list[Pattern], tally: Tally, *, as_json: bool) -> None:
        self._tally = tally
        self._changed: dict[str, Group] = {}
        self._timer: asyncio.TimerHandle | None = None
        source = Watched("logs", tuple(patterns), lambda path: LogReader(origin=path))
        self._follower = Follower([source], self._take, notice=self._notice, wall=self._wall, history=True)
        self._shows: _Shows = _Json() if as_json else _Table(self._summary) if sys.stdout.isatty() else _Plain()

    async def run(self) -> None:
        """Follow until it is interrupted."""
        loop = asyncio.get_running_loop()
        await self._follower.start()
        task = asyncio.create_task(self._follower.run())
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            pass  # that is how following ends
        finally:
            self._follower.close()
            self._tell()
            self._shows.end()
            emit_sentence(f"nexoide: {self._summary()}")

    def _wall(self) -> float:
        self._now = time.time()
        return self._now

    def _take(self, source: Watched, failure: Failure) -> None:
        path, _, line = failure.origin.rpartition(":")
        counted = self._tally.take(failure, origin_of(path if path and line.isdigit() else failure.origin), self._now)
        if counted is None:
            return
        group, new = counted
        if new:
            self._shows.opened(group)
        else:
            self._changed[group.fingerprint] = group
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PACE_SECONDS, self._tell)

    def _tell(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        changed, self._changed, self._timer = list(self._changed.values()), {}, None
        self._shows.changed(changed)

    def _notice(self, sentence: str) -> None:
        emit_sentence(f"nexoide: {sentence}")

    def _summary(self) -> str:
        files = [followed for catalogue in self._follower.catalogues for followed in catalogue.files.values()]
        left_out = sum(bool(followed.skipped) for followed in files)
        said = summary(self._tally, len(files) - left_out, sum(followed.bytes_read for followed in files))
        return f"{said}; left out as compressed, copied or no text: {left_out}" if left_out else said


class _Json:
    """One JSON object a line: `event` is opened or counted, the rest the incident as it is now, with its newest occurrence."""

    def opened(self, group: Group) -> None:
        """Print a new one."""
        self._print("opened", group)

    def changed(self, groups: list[Group]) -> None:
        """Print those that were counted."""
        for group in groups:
            self._print("counted", group)

    def end(self) -> None:
        """Print nothing more."""

    def _print(self, event: str, group: Group) -> None:
        latest: list[Any] = list(group.occurrences)[-1:]
        sys.stdout.write(json.dumps({"event": event, **group.as_json(occurrences=False), "occurrences": latest}) + "\n")
        sys.stdout.flush()


class _Plain:
    """One line for each new incident, and one for each that was counted since."""

    def opened(self, group: Group) -> None:
        """Print a new one."""
        self._print("new", group)

    def changed(self, groups: list[Group]) -> None:
        """Print the counts."""
        for group in groups:
            self._print(f"{group.count}x", group)

    def end(self) -> None:
        """Print nothing more."""

    def _print(self, word: str, group: Group) -> None:
        _, category, error, where, _, last = row(group)
        emit(f"{last}  {word:<6}  {error}  {where}  ({category})")
        sys.stdout.flush()


class _Table:
    """A table on a terminal, drawn anew where something changed."""

    def __init__(self, summary_of: Any) -> None:
        from rich.console import Console
        from rich.live import Live

        self._groups: dict[str, Group] = {}
        self._summary = summary_of
        self._live = Live(console=Console(), auto_refresh=False, vertical_overflow="crop")
        self._live.start(refresh=False)
        self._draw()

    def opened(self, group: Group) -> None:
        """Add a row to the next table: each kind that is new would draw it again."""
        self._groups[group.fingerprint] = group

    def changed(self, groups: list[Group]) -> None:
        """Show the counts."""
        self._draw()

    def end(self) -> None:
        """Leave the last table where it stands."""
        self._live.stop()

    def _draw(self) -> None:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, caption=Text(clean(self._summary()), style="dim"), caption_justify="left")
        for header in (*HEADERS[:4], HEADERS[5]):
            table.add_column(Text(header), overflow="ellipsis", no_wrap=True)
        room = max(1, self._live.console.size.height - 6)
        for group in ordered(self._groups.values())[-room:]:
            cells = row(group)
            table.add_row(*[Text(clean(cell)) for cell in (*cells[:4], cells[5])])
        self._live.update(table, refresh=True)
