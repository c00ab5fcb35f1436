"""What a run told: from the probe's file, which untrusted code may have written, else from what was printed."""

from __future__ import annotations

import os
from pathlib import Path

from nexoide.heal.captured import failures, printed
from nexoide.model.codec import encode
from tests.unit.heal.made import failure

TRACEBACK = """before
Traceback (most recent call last):
  File "/srv/shop/app.py", line 3, in <module>
    main()
  File "/srv/shop/app.py", line 2, in main
    return {}["a"]
KeyError: 'a'
"""


def test_the_probes_lines_are_read_in_order(tmp_path: Path) -> None:
    one, two = failure("KeyError", "'a'", ("/a.py", 1, "f")), failure("ValueError", "b", ("/a.py", 2, "g"), source="thread")
    (tmp_path / "f").write_bytes(encode(one) + b"\n" + encode(two) + b"\n")
    assert failures(tmp_path / "f", "", 1) == (one, two)


def test_what_is_no_failure_is_passed_over(tmp_path: Path) -> None:
    one = failure("KeyError", "'a'", ("/a.py", 1, "f"))
    (tmp_path / "f").write_bytes(b"\xff\xfe\n[]\n{}\n" + b"[" * 100_000 + b"\n" + encode(one) + b"\n" + encode(one)[:40])
    assert failures(tmp_path / "f", "", 1) == (one,)


def test_links_and_pipes_in_its_place_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(encode(failure()) + b"\n")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    assert failures(tmp_path / "link", "", 0) == ()
    assert failures(tmp_path / "pipe", "", 0) == ()


def test_tracebacks_are_read_where_the_probe_told_nothing_that_ended_it(tmp_path: Path) -> None:
    found = failures(tmp_path / "missing", TRACEBACK, 1)
    assert [(item.source, item.exceptions[0].type, item.exceptions[0].frames[-1].line) for item in found] == [("output", "KeyError", 2)]
    assert failures(tmp_path / "missing", TRACEBACK, 0) == ()
    told = failure("KeyError", "'a'", ("/srv/shop/app.py", 2, "main"))
    (tmp_path / "f").write_bytes(encode(told) + b"\n")
    assert failures(tmp_path / "f", TRACEBACK, 1) == (told,)


def test_logged_errors_without_a_traceback_are_no_failures() -> None:
    assert printed("2024-01-01 00:00:00 ERROR something is wrong\n") == ()


def test_frames_of_test_runners_are_left_out(tmp_path: Path) -> None:
    runner = ("/usr/lib/python3.11/unittest/case.py", 57, "testPartExecutor")
    pytests = ("/v/lib/python3.11/site-packages/_pytest/python.py", 159, "pytest_pyfunc_call")
    told = failure("AssertionError", "1 != 2", runner, pytests, ("/srv/shop/test_a.py", 3, "test"), runner, source="pytest")
    (tmp_path / "f").write_bytes(encode(told) + b"\n")
    found = failures(tmp_path / "f", "", 1)
    assert [frame.file for frame in found[0].exceptions[0].frames] == ["/srv/shop/test_a.py"]
