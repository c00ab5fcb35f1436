from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, subprocess, sys, threading
from nexoide.supervisor.priority import NICE, prefer
wait = threading.Event()
thread = threading.Thread(target=wait.wait)
thread.start()
could = prefer()
of = lambda who: os.getpriority(os.PRIO_PROCESS, who)
child = int(subprocess.run([sys.executable, "-c", "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"], capture_output=True).stdout)
print(could, of(0) == NICE, of(thread.native_id) == NICE, child)
wait.set()
"""


def test_the_supervisor_gets_a_larger_share_and_what_it_starts_does_not() -> None:
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout.split()
    if found[0] == "False":
        pytest.skip("this user may not raise a priority")
    assert found == ["True", "True", "True", "0"]


GROUP = """
from nexoide.supervisor.priority import prefer
from pathlib import Path
group = Path("/proc/self/autogroup")
before = group.read_text().split()[-1]
print(prefer(), before, group.read_text().split()[-1])
"""


@pytest.mark.parametrize("own", [True, False])
def test_only_a_session_of_our_own_gets_a_larger_share(own: bool) -> None:
    if not Path("/proc/self/autogroup").exists():
        pytest.skip("this kernel does not share out by sessions")
    outer = ["sh", "-c", f"{sys.executable} -c '{GROUP}'; true"]
    command = [sys.executable, "-c", GROUP] if own else outer
    found = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True).stdout.split()
    if found[0] == "False":
        pytest.skip("this user may not raise a priority")
    assert found == ["True", "0", "-5" if own else "0"]
