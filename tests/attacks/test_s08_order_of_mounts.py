"""S8: nothing that is needed is hidden by what is mounted after it: devices work, interpreters below /tmp start."""

from __future__ import annotations

import sys
import tempfile
import venv
from pathlib import Path

import pytest

from nexoide.sandbox.tests_run import TestRun, run_tests
from tests.unit.sandbox.helpers import both, confined, copy_in, launcher_of, run_copy


@both
async def test_s08_devices_work(tmp_path: Path, kind: str) -> None:
    code = "open('/dev/null', 'w').write('x'); print(open('/dev/zero', 'rb').read(2), len(open('/dev/urandom', 'rb').read(3)))"
    assert (await confined(kind, tmp_path, code)).output.strip() == "b'\\x00\\x00' 3"


@both
@pytest.mark.parametrize("where", ["beside", "inside"])
async def test_s08_an_environment_below_tmp_is_seen(kind: str, where: str) -> None:
    with tempfile.TemporaryDirectory(prefix="nexoide s08 ", dir="/tmp") as base:
        folder = copy_in(Path(base), {"check.py": "import sys, only_here; print(sys.prefix)"})
        environment = Path(base) / "env" if where == "beside" else folder / ".venv"
        venv.create(environment, with_pip=False, symlinks=True)
        (next(environment.glob("lib/python*/site-packages")) / "only_here.py").write_text("", encoding="utf-8")
        run = TestRun(folder, ("python", "check.py"), str(environment / "bin" / "python"))
        found = await run_tests(run, launcher=launcher_of(kind))
    assert (found.exit_code, found.output_tail.strip()) == (0, str(environment)), found


@both
async def test_s08_a_copy_below_a_readable_folder_can_be_written(tmp_path: Path, kind: str) -> None:
    folder = copy_in(tmp_path / "..", name=f"{tmp_path.name} copy").resolve()
    code = "def test_a():\n    open('made', 'w').write('x')"
    (folder / "test_a.py").write_text(code, encoding="utf-8")
    found = await run_copy(folder, kind=kind, extra_read=(folder.parent,))
    assert found.outcomes == {"test_a.py::test_a": "passed"}, found
    assert (folder / "made").exists()


@both
async def test_s08_the_temporary_folder_can_be_used(tmp_path: Path, kind: str) -> None:
    folder = copy_in(tmp_path, {"test_a.py": "import tempfile\ndef test_a(tmp_path):\n    tempfile.TemporaryFile().write(b'x')\n    (tmp_path / 'x').touch()"})
    found = await run_copy(folder, kind=kind)
    assert found.outcomes == {"test_a.py::test_a": "passed"}, found
    assert sys.executable
