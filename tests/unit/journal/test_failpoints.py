from __future__ import annotations

import errno
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.errors import UsageError
from nexoide.journal import failpoints

ROOT = Path(failpoints.__file__).parents[2]


def test_nothing_happens_where_nothing_is_armed() -> None:
    failpoints.hit("anything")


def test_the_named_point_fails_once_at_the_right_time() -> None:
    failpoints.arm("a:EIO@3, b:ENOSPC")
    failpoints.hit("a")
    failpoints.hit("other")
    failpoints.hit("a")
    with pytest.raises(OSError) as caught:
        failpoints.hit("a")
    assert caught.value.errno == errno.EIO
    failpoints.hit("a")
    with pytest.raises(OSError) as caught:
        failpoints.hit("b")
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("spec", ["a", "a:", ":EIO", "a:SIGTERM", "a:EIO@0", "a:EIO@x", "a:EIO@-1"])
def test_nonsense_is_refused(spec: str) -> None:
    with pytest.raises(UsageError):
        failpoints.arm(spec)


def test_the_environment_arms_and_the_process_dies() -> None:
    code = "from nexoide.journal.failpoints import hit\nhit('x'); print('one', flush=True); hit('x'); print('two')"
    done = subprocess.run([sys.executable, "-c", code], env={failpoints.VARIABLE: "x:SIGKILL@2"}, cwd=ROOT, capture_output=True, timeout=30)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b"one\n"
