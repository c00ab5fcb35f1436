"""Processes that record events until something ends them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from nexoide.journal import failpoints

PACKAGE = Path(failpoints.__file__).parents[2]

PRELUDE = """
import asyncio, json, os, sys
from pathlib import Path
from nexoide.clock import SystemClock
from nexoide.errors import NexoideError, JournalError
from nexoide.journal import Journal
from nexoide.model.event import DeploymentCommitted, Notice

def say(**words):
    os.write(1, (json.dumps(words) + "\\n").encode())
"""


def start(script: str, *arguments: str, prefix: tuple[str, ...] = (), **environment: str) -> subprocess.Popen[bytes]:
    """Start `script` after the prelude in a process of its own, under the command `prefix`."""
    command = [*prefix, sys.executable, "-c", PRELUDE + script, *arguments]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE), **environment}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(script: str, *arguments: str, prefix: tuple[str, ...] = (), **environment: str) -> tuple[int, list[str], str]:
    """Run it to its end; return the exit status, the lines it printed, and its standard error."""
    with start(script, *arguments, prefix=prefix, **environment) as process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out.decode().splitlines(), err.decode(errors="replace")
