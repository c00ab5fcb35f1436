from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.sandbox.kernel import Kernel, layers_that_held
from nexoide.sandbox.tests_run import TestRun, run_tests
from tests.unit.sandbox.helpers import REPOSITORY, copy_in, needs_namespaces


def test_the_launcher_needs_the_standard_library_alone() -> None:
    code = "import sys; sys.path.append(sys.argv[1]); import nexoide.sandbox.launcher.enter; print(*sorted(n for n in sys.modules if n.startswith('nexoide')))"
    ended = subprocess.run([sys.executable, "-I", "-S", "-c", code, str(REPOSITORY)], capture_output=True, text=True, check=True)
    outside = [name for name in ended.stdout.split() if not name.startswith("nexoide.sandbox.launcher")]
    assert outside == ["nexoide", "nexoide.sandbox"]


def test_status_says_what_failed() -> None:
    kernel = Kernel()
    said = {"layers": {"landlock": "", "mount namespace": "Operation not permitted"}, "landlock": 7, "missing": ["mount namespace"]}
    assert "mount namespace (Operation not permitted)" in kernel.started(json.dumps(said).encode())
    assert kernel.started(json.dumps({**said, "missing": []}).encode()) == ""
    assert "ended before" in kernel.started(b"")
    assert layers_that_held(b"{") == {}


@pytest.mark.parametrize("words", [("/no/such/program",), ("not-a-program",)])
@pytest.mark.parametrize("kind", [pytest.param("kernel", marks=needs_namespaces)])
async def test_a_command_that_is_not_there_is_named(tmp_path: Path, kind: str, words: tuple[str, ...]) -> None:
    found = await run_tests(TestRun(copy_in(tmp_path), words, sys.executable), launcher=Kernel())
    assert (kind, found.exit_code) == ("kernel", 127)
    assert f"{words[0]} cannot be run" in found.output_tail
