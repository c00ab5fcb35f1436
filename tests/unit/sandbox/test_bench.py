from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nexoide.sandbox.bench import Bench, BenchPlan, bench
from nexoide.sandbox.interpreter import describe
from tests.unit.probe.peer import interpreters
from tests.unit.sandbox.helpers import BWRAP, both, copy_in, launcher_of

FILES = {
    "main.py": "import sys, atexit, lib\natexit.register(print, 'bye')\nprint(__name__, sys.argv, sys.path[0])\nopen('out.txt', 'w').write('x')\nlib.f(3)\n",
    "lib.py": "def f(x):\n    return {}[x]\n",
    "pkg/__main__.py": "import sys\nprint('module', sys.argv[1:])\n",
    "tests/test_lib.py": "from lib import f\n\ndef test_a(): assert f(1) == 2\ndef test_b(): pass\n",
    "tests/test_case.py": "import unittest\nclass A(unittest.TestCase):\n    def test_c(self): self.fail('no')\n    def test_d(self): pass\n",
}

CALLED = """
KEPT = []
def f(x):
    KEPT.append(x)
    print("in", x)
    return [1 / x, len(KEPT)]
async def g(x): return x
def h(): yield from "ab"
def e():
    import os
    os._exit(0)
"""
PYTHONS = interpreters()


@asynccontextmanager
async def _bench(tmp_path: Path, kind: str = "bwrap", *, files: dict[str, str] | None = None, warm: tuple[str, ...] = ()) -> AsyncIterator[Bench]:
    root = copy_in(tmp_path, files or FILES, "a project")
    plan = BenchPlan(root=root, python=await describe(sys.executable), warm=warm, memory_mb=512)
    async with bench(plan, launcher=launcher_of(kind)) as made:
        yield made


@both
async def test_a_program_runs_as_from_the_shell_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    async with _bench(tmp_path, kind) as made:
        for _ in range(2):
            found = await made.run("run", words=["main.py", "x"])
            root = str(tmp_path / "a project")
            assert found.out == f"__main__ ['main.py', 'x'] {root}\nbye\n"
            assert found.exit_code == 1
            assert found.error.splitlines()[1] == f'  File "{root}/main.py", line 5, in <module>'
            assert found.error.endswith("KeyError: 3\n")
            assert list(found.written) == ["out.txt"]
    assert not (tmp_path / "a project/out.txt").exists()


async def test_a_module_and_a_command(tmp_path: Path) -> None:
    async with _bench(tmp_path) as made:
        assert (await made.run("run", words=["pkg", "1"], module=True)).out == "module ['1']\n"
        assert (await made.run("exec", words=["/bin/echo", "hello"])).out == "hello\n"


async def test_files_are_laid_over_for_one_job_alone(tmp_path: Path) -> None:
    async with _bench(tmp_path) as made:
        patched = await made.run("run", files={"lib.py": b"def f(x):\n    return x\n"}, words=["main.py"])
        assert (patched.exit_code, list(patched.written)) == (0, ["out.txt"])
        assert (await made.run("run", words=["main.py"])).exit_code == 1


async def test_each_file_is_compiled(tmp_path: Path) -> None:
    async with _bench(tmp_path) as made:
        found = await made.run("compile", files={"lib.py": b"def f(:\n"}, paths=["lib.py", "main.py"])
        problems = {row["path"]: row["problem"] for row in found.rows}
        assert problems["main.py"] == ""
        assert problems["lib.py"].startswith("line 1")


async def test_imports_say_what_went_wrong(tmp_path: Path) -> None:
    async with _bench(tmp_path) as made:
        found = await made.run("import", modules=["lib", "gone"], path=[str(tmp_path / "a project")])
        assert [(row["module"], bool(row["problem"])) for row in found.rows] == [("lib", False), ("gone", True)]


@pytest.mark.parametrize("warm", [(), ("pytest",)])
async def test_tests_are_reported_by_id(tmp_path: Path, warm: tuple[str, ...]) -> None:
    async with _bench(tmp_path, warm=warm) as made:
        assert made.warm == warm
        for _ in range(2):
            place = made.report_path()
            found = await made.run(
                "tests",
                runner="pytest",
                words=["-q", "-p", "no:cacheprovider", "tests/test_lib.py"],
                report=str(place),
                path=[made.seen("")],
                env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            )
            said = made.read_report(place)
            assert found.exit_code == 1, found
            assert said.outcomes == {"tests/test_lib.py::test_a": "failed", "tests/test_lib.py::test_b": "passed"}
            assert said.finished
            assert "KeyError" in said.messages["tests/test_lib.py::test_a"]


async def test_cases_are_reported_by_id(tmp_path: Path) -> None:
    async with _bench(tmp_path) as made:
        place = made.report_path()
        await made.run("tests", runner="unittest", words=["discover", "-s", "tests", "-p", "test_case.py"], report=str(place))
        said = made.read_report(place)
        assert said.outcomes == {"test_case.A.test_c": "failed", "test_case.A.test_d": "passed"}
        assert said.finished


async def test_calls_are_made_apart_from_one_another(tmp_path: Path) -> None:
    files = {"lib.py": CALLED}
    async with _bench(tmp_path, files=files) as made:
        wanted = {"imports": [["lib", name] for name in "fghe"], "path": [made.seen("")], "expressions": ["f(2)", "f(0)", "f(4)", "g(7)", "h()", "e()"]}
        found = await made.run("call", seconds=10, each=2, sets=[wanted])
        rows = {row["call"]: row for row in found.rows}
        assert rows[0]["value"] == "[0.5, 1]"
        assert rows[0]["printed"] == "in 2\n"
        assert (rows[1]["stage"], rows[1]["error"], rows[1]["frames"][-1][2]) == ("call", "ZeroDivisionError", "f")
        assert rows[2]["value"] == "[0.25, 1]"
        assert (rows[3]["value"], rows[4]["value"]) == ("7", "['a', 'b']")
        assert 5 not in rows


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS.keys())
async def test_watched_lines_are_said_once_on_every_interpreter(tmp_path: Path, python: str) -> None:
    files = {"main.py": "def f(x):\n    if x:\n        return 1\n    return 2\n\nfor n in range(9):\n    f(0)\n"}
    plan = BenchPlan(root=copy_in(tmp_path, files), python=await describe(python), memory_mb=512)
    async with bench(plan, launcher=launcher_of("bwrap")) as made:
        found = await made.run("run", words=["main.py"], watched={made.seen("main.py"): [2, 3, 4]})
        assert sorted(row["line"] for row in found.rows) == [2, 4]
        assert found.exit_code == 0


async def test_a_job_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path) -> None:
    async with _bench(tmp_path, files={"main.py": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\ntime.sleep(60)\n"}) as made:
        found = await made.run("run", words=["main.py"], timeout=0.3)
        assert found.timed_out
        assert (await made.run("exec", words=["/bin/sh", "-c", "ls /proc | grep -c '^[0-9]'"])).out.strip() in {"4", "5", "6", "7"}


async def test_output_is_bounded(tmp_path: Path) -> None:
    async with _bench(tmp_path, files={"main.py": "for _ in range(40): print('x' * 100_000)\n"}) as made:
        found = await made.run("run", words=["main.py"])
        assert found.exit_code == 0
        assert len(found.out) == 512 * 1024


async def test_a_job_cannot_reach_the_process_that_started_it(tmp_path: Path) -> None:
    code = """
import os
own = os.getppid()
for name in ("mem", "environ", *(f"fd/{number}" for number in os.listdir(f"/proc/{own}/fd"))):
    for way in (os.O_RDONLY, os.O_WRONLY):
        try:
            os.open(f"/proc/{own}/{name}", way)
            print("opened", name)
        except OSError:
            pass
"""
    async with _bench(tmp_path, files={"main.py": code}) as made:
        found = await made.run("run", words=["main.py"])
        assert (found.out, found.exit_code) == ("", 0)


async def test_a_job_that_takes_the_bench_down_is_a_problem_and_no_result(tmp_path: Path) -> None:
    async with _bench(tmp_path, files={"main.py": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"}) as made:
        found = await made.run("run", words=["main.py"])
        assert found.exit_code is None
        assert "did not answer" in found.problem
        assert not made.alive
        assert (await made.run("compile", paths=[])).problem


async def test_cancelling_a_job_ends_the_bench(tmp_path: Path) -> None:
    async with _bench(tmp_path) as made:
        running = asyncio.ensure_future(made.run("exec", words=["sleep", "60"], timeout=60))
        await asyncio.sleep(0.2)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not made.alive


async def test_forks_do_not_share_their_chance(tmp_path: Path) -> None:
    async with _bench(tmp_path, files={"main.py": "import random\nprint(random.random())\n"}, warm=("random",)) as made:
        assert (await made.run("run", words=["main.py"])).out != (await made.run("run", words=["main.py"])).out


@pytest.mark.parametrize("kind", [BWRAP])
async def test_modules_of_the_project_are_never_kept_warm(tmp_path: Path, kind: str) -> None:
    async with _bench(tmp_path, kind) as made:
        await made.learn(["lib", "decimal", "no_such_module"])
        found = await made.run("run", files={"main.py": b"import sys\nprint('lib' in sys.modules, 'decimal' in sys.modules)\n"}, words=["main.py"])
        assert found.out == "False True\n"
