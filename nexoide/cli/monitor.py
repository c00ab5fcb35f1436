"""monitor: failures out of any logs, without a workspace and without a supervisor."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nexoide.cli.options import JsonOption

if TYPE_CHECKING:
    from nexoide.incidents.files.patterns import Pattern
    from nexoide.incidents.files.reading import Read
    from nexoide.incidents.files.tally import Group, Tally


def monitor(
    logs: Annotated[list[str], typer.Option("--logs", metavar="PATH", help="A log, a folder of logs or a pattern as 'logs/*.log'; may be given again.")],
    once: Annotated[bool, typer.Option("--once", help="Read what is there, rotated and compressed logs too, and end.")] = False,
    root: Annotated[Path | None, typer.Option("--root", metavar="DIR", help="The project's folder, to which files are relative; default: this folder.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Read failures out of logs, grouped: what is there, then what comes until Ctrl-C.

    For example: nexoide monitor --logs 'logs/*.log' --logs /var/log/app --once --json
    """
    from nexoide.incidents.files.tally import Tally

    patterns = _patterns(logs)
    tally = Tally(_root(root))
    if once:
        _once(patterns, tally, as_json=as_json)
    else:
        from nexoide.cli.monitor_live import follow

        follow(patterns, tally, as_json=as_json)


def _patterns(texts: list[str]) -> list[Pattern]:
    """Return the patterns, absolute, so that nothing outside of the folder that each names is read; raises NotFoundError for a path that is not there."""
    from nexoide.errors import NotFoundError
    from nexoide.incidents.files.patterns import Pattern

    here = str(Path.cwd())
    patterns = [Pattern(text if text.startswith(("/", "~")) else f"{here}/{text}", here) for text in texts if text] or [Pattern("", here)]
    for text, pattern in zip(texts, patterns, strict=True):
        if pattern.literal and not Path(pattern.literal).exists() and not Path(pattern.literal).is_symlink():
            raise NotFoundError(f"{text} does not exist: --logs names a log, a folder of logs or a pattern in quotes, as 'logs/*.log'.")
    return patterns


def _root(given: Path | None) -> Path | None:
    """Return the project's folder: the one given, else this one, unless that holds everything."""
    from nexoide.errors import UsageError

    if given is not None:
        if not given.is_dir():
            raise UsageError(f"{given} is not a folder: --root names the project's folder.")
        return given.resolve()
    here = Path.cwd().resolve()
    return None if here in {Path("/"), Path.home()} else here


def origin_of(path: str) -> str:
    """Return a log's path as it is printed: relative to this folder where it is in it."""
    from nexoide.incidents.files.names import shown

    here = f"{Path.cwd()}/"
    return shown(path.removeprefix(here))


def _once(patterns: list[Pattern], tally: Tally, *, as_json: bool) -> None:
    from nexoide.errors import RefusedError
    from nexoide.incidents.files.names import shown
    from nexoide.incidents.files.reading import read_once
    from nexoide.incidents.logs import LogReader

    done = read_once(patterns, lambda path: LogReader(origin=origin_of(path)), lambda failure, path, now: tally.take(failure, origin_of(path), now))
    refused = [path for path in done.skipped if any(path == pattern.literal for pattern in patterns)]
    if not done.files and refused:
        raise RefusedError(f"{shown(refused[0])} is not read: {done.skipped[refused[0]]}.")
    if as_json:
        from nexoide.cli.output import emit_json

        emit_json(document(tally, done.files, done.bytes, done.skipped))
    else:
        _print(tally, done)


def document(tally: Tally, files: int, size: int, skipped: dict[str, str]) -> dict[str, Any]:
    """Return all that was found as one object."""
    left_out = [{"path": origin_of(path), "why": why} for path, why in skipped.items()]
    return {"incidents": [group.as_json() for group in ordered(tally)], "files": files, "bytes": size, "skipped": left_out}


def ordered(groups: Iterable[Group]) -> list[Group]:
    """Return the groups, oldest first."""
    return sorted(groups, key=lambda group: group.first_at)


HEADERS = ("COUNT", "CLASS", "ERROR", "WHERE", "FIRST", "LAST")


def row(group: Group) -> tuple[str, ...]:
    """Return a group as people read it."""
    where = f"{group.file}:{group.line} in {group.function}" if group.file else group.function or ", ".join(group.routes)
    kind, _, last = group.type.rpartition(" ")  # of `HTTP 502` the message begins with the 502
    said = group.message.startswith(last) and not group.message[len(last) :][:1].isalnum()
    error = f"{kind} {group.message}".strip() if said else f"{group.type}: {group.message}" if group.message else group.type
    return (f"{group.count}x", group.category, _short(error), where, _moment(group.first_at), _moment(group.last_at))


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def summary(tally: Tally, files: int, size: int) -> str:
    """Return what was read and found in one line."""
    from nexoide.tui.format import plural

    found = f"{plural(tally.count, 'failure')} of {plural(len(tally), 'kind')}" if tally.count else "no failures"
    return f"{found} in {plural(files, 'log')} ({size / (1 << 20):.1f} MiB)"


def _print(tally: Tally, done: Read) -> None:
    from nexoide.cli.output import emit_sentence, emit_table
    from nexoide.incidents.files.names import shown

    emit_table(HEADERS, [row(group) for group in ordered(tally)], "No failures.")
    for path, why in done.skipped.items():
        emit_sentence(f"nexoide: {shown(path)} is not read: {why}.")
    emit_sentence(f"nexoide: {summary(tally, done.files, done.bytes)}")
