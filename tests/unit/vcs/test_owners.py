from __future__ import annotations

import os
import subprocess
import sys

from nexoide.vcs.owners import holder_of, is_alive, own_stamp


def test_this_process_is_alive_and_a_reused_pid_is_not_it():
    assert is_alive(own_stamp())
    assert not is_alive(f"{os.getpid()}-1")


def test_an_ended_process_is_dead():
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    assert not is_alive(f"{child.pid}-12345")


def test_what_is_no_stamp_counts_as_alive():
    for text in ("", "x", "12", "1-2-3", "-1-1", "99999999999999-1"):
        assert is_alive(text)


def test_the_holder_of_an_open_file_is_found(tmp_path):
    path = tmp_path / "lock"
    path.write_text("")
    assert holder_of(path) == 0
    with path.open():
        assert holder_of(path) == os.getpid()
