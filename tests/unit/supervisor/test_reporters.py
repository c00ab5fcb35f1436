from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.supervisor.reporters import Reporters
from tests.unit.incidents.failures import failure, frame, raised

READ = replace(failure(raised(frame("total"))), source="file", pid=0, origin="app.log:17")
HOLD = "import sys; f = open(sys.argv[1], sys.argv[2]); print('open', flush=True); sys.stdin.read()"


@pytest.mark.parametrize(("mode", "probed", "pairs"), [("a", True, True), ("a", False, False), ("r", False, True)])
def test_a_log_pairs_with_the_probe_of_the_process_that_writes_it(tmp_path: Path, mode: str, probed: bool, pairs: bool) -> None:
    (tmp_path / "app.log").touch()
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "app.log"), mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    try:
        assert Reporters(tmp_path, lambda target: (child.pid,) if probed else (os.getpid(),)).pairs(READ) is pairs
    finally:
        child.communicate()


def test_a_log_that_nobody_holds_open_and_a_target_without_a_probe_pair(tmp_path: Path) -> None:
    assert Reporters(tmp_path, lambda target: (os.getpid(),)).pairs(READ)
    assert Reporters(tmp_path, lambda target: ()).pairs(READ)


def test_what_is_sent_pairs_where_its_sender_has_a_probe(tmp_path: Path) -> None:
    reporters = Reporters(tmp_path, lambda target: (41,))
    assert reporters.pairs(replace(READ, source="sentry", pid=41))
    assert not reporters.pairs(replace(READ, source="sentry", pid=42))
