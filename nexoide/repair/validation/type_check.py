"""Whether a type checker that the project itself uses finds more to say of the changed files than before."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from pathlib import Path

from nexoide.errors import NexoideError
from nexoide.model.patch import Evidence
from nexoide.repair.validation.rows import Clock, row
from nexoide.repair.validation.trial import Trial
from nexoide.repair.validation.workshop import Site
from nexoide.sandbox.bench import JobResult

_TIMEOUT = 25.0
_MAX_CONFIG = 1 << 20
_CONFIGURED = {
    "mypy": (("mypy.ini", ""), (".mypy.ini", ""), ("setup.cfg", r"(?m)^\[mypy\]"), ("pyproject.toml", r"(?m)^\[tool\.mypy\]")),
    "pyright": (("pyrightconfig.json", ""), ("pyproject.toml", r"(?m)^\[tool\.(?:based)?pyright\]")),
}
_ERROR = {"mypy": re.compile(r"^(.+?):(\d+):(?:\d+:)? error: (.*)$"), "pyright": re.compile(r"^\s*(.+?):(\d+):\d+ - error: (.*)$")}


async def checked(trial: Trial, site: Site) -> Evidence:
    """Run the configured checker on the changed files without and with the patch; more errors than before is a failure."""
    clock = Clock()
    tool = await asyncio.to_thread(_tool, site.root)
    if not tool:
        return row("types", "inconclusive", "the project configures no type checker", clock=clock)
    command = await asyncio.to_thread(_command, tool, site)
    if not command:
        return row("types", "inconclusive", f"{tool} is configured but not installed for {site.python.executable}", clock=clock)
    changes = {path: new for path, (_, new) in trial.proposal.files.items()}
    paths = sorted(changes)
    try:
        before = await site.remembered(("types", tool, tuple(paths)), lambda: _run(site, command, paths, {}))
        after = await _run(site, command, paths, changes)
    except NexoideError as error:
        return row("types", "inconclusive", f"{tool} could not be run: {error.sentence}", clock=clock)
    held = (await site.tools()).confinement
    if not _usable(before) or not _usable(after):
        said = (after.problem or after.out + after.error).strip().splitlines()[-3:]
        return row("types", "inconclusive", f"{tool} did not come to a result", clock=clock, detail=said, held=held)
    old, new = _errors(tool, before), _errors(tool, after)
    more = [line for line in new if line not in old]
    if len(new) > len(old):
        summary = f"{tool} finds {len(new)} errors in the changed files, and found {len(old)} before"
        return row("types", "failed", summary, clock=clock, detail=more, held=held)
    return row("types", "passed", f"{tool} finds {len(new)} errors in the changed files, and found {len(old)} before", clock=clock, held=held)


def _tool(root: Path) -> str:
    for tool, places in _CONFIGURED.items():
        for name, pattern in places:
            try:
                if (root / name).stat().st_size <= _MAX_CONFIG and re.search(pattern, (root / name).read_text(encoding="utf-8", errors="replace")):
                    return tool
            except OSError:
                continue
    return ""


def _command(tool: str, site: Site) -> tuple[str, ...]:
    """Return how the interpreter's own checker is run; empty where it has none."""
    if any((folder / tool).is_dir() for folder in site.python.packages):
        return (str(site.python.executable), "-m", tool)
    script = site.python.executable.parent / tool
    return (str(script),) if script.is_file() and os.access(script, os.X_OK) else ()


async def _run(site: Site, command: tuple[str, ...], paths: list[str], changes: Mapping[str, bytes]) -> JobResult:
    bench = await site.tools()
    mypy = "mypy" in command
    options = ["--no-color-output", "--no-error-summary", "--follow-imports=silent", f"--cache-dir={bench.kept}/types"] if mypy else []
    return await bench.run("exec", files=changes, timeout=_TIMEOUT, words=[*command, *options, *paths])


def _usable(result: JobResult) -> bool:
    return result.exit_code in (0, 1) and not result.timed_out and not result.problem


def _errors(tool: str, result: JobResult) -> list[str]:
    """Return the errors without their line numbers, which a patch moves."""
    found = (_ERROR[tool].match(line) for line in result.out.splitlines())
    return [f"{match[1]}: {match[3]}" for match in found if match]
