from __future__ import annotations

import subprocess
import sys

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
