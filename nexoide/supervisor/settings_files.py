"""Watched files that are no modules: checked in a process of their own, then told to the program."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from nexoide.config import TargetSettings
from nexoide.reload.outcome import Outcome, judge, shown
from nexoide.supervisor.probes import Probes

SAID_BYTES = 4096


class SettingsFiles:
    """Checks files as the target's settings say, and lets its on_reload callbacks run."""

    def __init__(self, root: Path, probes: Probes) -> None:
        self._root, self._probes = root, probes

    async def tell(self, target: str, settings: TargetSettings, files: Mapping[Path, str]) -> Outcome:
        """Check each file (path → sha256, empty where it was deleted) and tell the processes of those; refused where one is not good."""
        began = time.monotonic()
        if settings.check:
            for path, sha256 in files.items():
                said = await self._check(settings, path) if sha256 else ""
                if said:
                    return Outcome(state="refused", sentence=f"{shown(path, self._root)} did not pass its check and was not told to the program: {said}")
        replies = await self._probes.changed(target, [{"path": str(path), "sha256": sha256} for path, sha256 in files.items()])
        return judge(target, replies, (time.monotonic() - began) * 1000)

    async def _check(self, settings: TargetSettings, path: Path) -> str:
        """Return what is wrong with a file, in words, empty where nothing is."""
        command = [word.replace("{file}", str(path)) for word in settings.check]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("NEXOIDE_")} | settings.env
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=self._root / settings.cwd,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return f"{command[0]} cannot be started ({error.strerror}); mend 'check' in nexoide.toml."
        try:
            async with asyncio.timeout(settings.check_timeout):
                said = await _read(process)
                code = await process.wait()
        except TimeoutError:
            return f"the check was stopped after {settings.check_timeout:g} s."
        finally:
            _end(process)
            await process.wait()
        if code == 0:
            return ""
        last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it said nothing")
        return f"exit code {code}: {last[:300]}"


async def _read(process: asyncio.subprocess.Process) -> str:
    """Return the end of what it prints; all of it is read, so that it never waits for us."""
    kept = b""
    while process.stdout is not None and (data := await process.stdout.read(1 << 16)):
        kept = (kept + data)[-SAID_BYTES:]
    return kept.decode("utf-8", "replace")


def _end(process: asyncio.subprocess.Process) -> None:
    """End what it started as well."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
