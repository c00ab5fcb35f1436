"""S5: a supervisor that is killed without warning leaves no process of a sandbox behind, however deep it hid."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from pathlib import Path

import pytest

from tests.unit.sandbox.helpers import BWRAP, KERNEL, REPOSITORY

# three daemons, each in a session of its own, and a fork loop's worth of children, all holding the descriptor
HIDING = """
import os, sys, time
life = int(sys.argv[1]) if len(sys.argv) > 1 else LIFE
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(life, b"r")
            time.sleep(60)
        os._exit(0)
os.write(life, b"r")
time.sleep(60)
"""
RUNNER = """
import asyncio, os, sys
from pathlib import Path
import tests.unit.sandbox.helpers as helpers
from nexoide.sandbox.kernel import Kernel
if sys.argv[1] == "no namespaces":
    layers = ("user namespace", "network namespace", "process namespace", "ipc namespace", "host name namespace", "mount namespace")
    helpers.launcher_of = lambda kind: Kernel(withheld=layers)
life = int(sys.argv[3])
asyncio.run(helpers.confined(sys.argv[1], Path(sys.argv[2]), sys.argv[4].replace("LIFE", str(life)), inherited=(life,)))
"""


@pytest.mark.parametrize("kind", [BWRAP, KERNEL, "no namespaces"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_s05_all_processes_end_with_the_supervisor(tmp_path: Path, kind: str, how: signal.Signals) -> None:
    life, theirs = os.pipe()
    runner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUNNER,
        kind,
        str(tmp_path),
        str(theirs),
        HIDING,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        pass_fds=(theirs,),
    )
    os.close(theirs)
    try:
        ready = b""
        while len(ready) < 4:
            assert await asyncio.to_thread(select.select, [life], [], [], 20) != ([], [], []), "the sandbox did not begin"
            part = os.read(life, 4)
            assert part, "the sandbox ended too early"
            ready += part
        runner.send_signal(how)
        await runner.wait()
        assert (await asyncio.to_thread(select.select, [life], [], [], 5))[0], "a process outlived the supervisor"
        assert os.read(life, 1) == b""
    finally:
        os.close(life)
        if runner.returncode is None:
            runner.kill()
