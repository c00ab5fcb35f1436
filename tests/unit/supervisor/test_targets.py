"""Targets: restarts, giving up, adoption, tokens; with real programs."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from nexoide.clock import SystemClock
from nexoide.config import TargetSettings
from nexoide.errors import ConfigError, NotFoundError, UsageError
from nexoide.model.failure import Failure
from nexoide.model.target import TargetStatus
from nexoide.supervisor.processes import adopt, look
from nexoide.supervisor.targets import Targets, Tokens, environment, how_it_ended, runner
from nexoide.supervisor.targets.pacing import Backoff
from nexoide.workspace import Workspace

FOREVER = "import time; print('up', flush=True); time.sleep(600)"


class Bench:
    """Targets of a temporary workspace, what they told, and a way to wait for what they will tell."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)
        self.told: list[TargetStatus] = []
        self.made: list[Targets] = []
        self.failures: list[Failure] = []
        self.backoff = Backoff(first=0.01)
        self._changed = asyncio.Event()

    async def emit(self, status: TargetStatus) -> None:
        await asyncio.sleep(0)
        self.told.append(status)
        self._changed.set()

    def targets(self, *code: str, command: tuple[str, ...] = (), grace: float = 2.0, **settings: Any) -> Targets:
        run = command or (sys.executable, "-c", *code)
        return self.several({"shop": TargetSettings(command=run, **settings)}, grace=grace)

    def several(self, settings: dict[str, TargetSettings], grace: float = 2.0, **asked: Any) -> Targets:
        kept = {"take": self.failures.append, "backoff": self.backoff, **asked}
        self.made.append(Targets(settings, self.workspace, self.emit, SystemClock(), grace=grace, **kept))
        return self.made[-1]

    async def until(self, right: Callable[[TargetStatus], bool]) -> TargetStatus:
        async with asyncio.timeout(20):
            while True:
                self._changed.clear()
                found = next((status for status in self.told if right(status)), None)
                if found is not None:
                    return found
                await self._changed.wait()

    def states(self) -> list[str]:
        return [status.state for status in self.told]


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: Path) -> AsyncIterator[Bench]:
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    root = tmp_path / "w"
    root.mkdir()
    Workspace(root).make_folders()
    made = Bench(root)
    yield made
    for targets in made.made:
        await targets.stop_all()


async def test_the_life_of_a_target(bench: Bench):
    targets = bench.targets(FOREVER)
    await targets.start_all()
    status = targets.status("shop")
    assert (status.state, status.pid > 0, status.start_time > 0, status.restarts) == ("running", True, True, 0)
    targets.attached("shop", {"pid": status.pid, "python": "3.11.7"})
    assert (targets.status("shop").state, targets.status("shop").python) == ("attached", "3.11.7")
    targets.attached("shop", {"pid": status.pid + 1, "python": "3.11.7"})
    targets.detached("shop", {"pid": status.pid})
    assert targets.status("shop").state == "attached"
    targets.detached("shop", {"pid": status.pid + 1})
    assert targets.status("shop").state == "running"
    assert (await targets.start("shop")).pid == status.pid
    again = await targets.restart("shop")
    assert again.pid != status.pid
    stopped = await targets.stop("shop")
    assert (stopped.state, stopped.pid, stopped.note) == ("stopped", 0, "stopped by the operator")
    await targets.flush()
    assert bench.states() == ["running", "attached", "running", "stopped", "running", "stopped"]


async def test_exit_at_once_says_how_and_its_last_line(bench: Bench):
    targets = bench.targets("import sys; print('to stdout'); sys.exit('cannot bind to 0.0.0.0:80')", restart={"policy": "never"})
    await targets.start_all()
    status = await bench.until(lambda status: status.state == "exited")
    assert status.exit_code == 1
    assert status.note.startswith("shop exited with code 1 at once (0.")
    assert status.note.endswith("cannot bind to 0.0.0.0:80")
    assert status.tail == ("to stdout", "cannot bind to 0.0.0.0:80") or set(status.tail) == {"to stdout", "cannot bind to 0.0.0.0:80"}


async def test_success_is_not_started_again_and_failure_is(bench: Bench):
    await bench.targets("pass").start_all()
    assert (await bench.until(lambda status: status.state == "exited")).exit_code == 0
    await asyncio.sleep(0.1)
    assert bench.states()[-1] == "exited"
    flag = bench.workspace.root / "flag"
    code = f"import os,sys,time; p={str(flag)!r}; e=os.path.exists(p); open(p,'w').close(); e or sys.exit(4); time.sleep(600)"
    targets = bench.targets(code)
    await targets.start_all()
    status = await bench.until(lambda status: status.state == "running" and status.restarts == 1)
    assert status.note == ""
    assert "starts again in" in next(status.note for status in bench.told if status.state == "starting")


async def test_always_means_after_success_too(bench: Bench):
    targets = bench.targets("pass", restart={"policy": "always", "max_starts": 2})
    await targets.start_all()
    status = await bench.until(lambda status: status.state == "given_up")
    assert status.restarts == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"command": ("no-such-program",)}, "was not found"),
        ({"command": (sys.executable, "-c", ""), "cwd": "no/such/folder"}, "its folder"),
        ({"command": ("/",)}, "may not be executed"),
    ],
)
async def test_what_cannot_start_is_given_up_with_one_sentence(bench: Bench, settings: dict[str, Any], words: str):
    targets = bench.targets(**settings)
    await targets.start_all()
    status = targets.status("shop")
    assert status.state == "given_up"
    assert words in status.note
    assert "Traceback" not in status.note
    assert "\n" not in status.note


async def test_a_detached_target_is_adopted_by_the_next_supervisor(bench: Bench):
    first = bench.targets(FOREVER)
    await first.start_all()
    known = first.status("shop")
    token = first.tokens.mark("shop").partition("=")[2]
    await first.detach_all()
    second = bench.targets(FOREVER)
    await second.start_all({"shop": known})
    status = second.status("shop")
    assert (status.state, status.pid, status.start_time) == ("running", known.pid, known.start_time)
    assert second.target_of(token) == "shop"
    await second.stop("shop")
    assert second.status("shop").state == "stopped"
    assert adopt(known.pid, known.start_time) is None


async def test_a_process_that_the_journal_does_not_know_of_is_adopted_not_doubled(bench: Bench):
    first = bench.targets(FOREVER)
    await first.start_all()
    pid = first.status("shop").pid
    await first.detach_all()  # the supervisor died between the start and its record
    second = bench.targets(FOREVER)
    await second.start_all({})
    assert second.status("shop").pid == pid


async def test_an_adopted_target_that_ends_is_started_again(bench: Bench):
    first = bench.targets(FOREVER)
    await first.start_all()
    known = first.status("shop")
    await first.detach_all()
    second = bench.targets(FOREVER)
    await second.start_all({"shop": known})
    os.kill(known.pid, 9)
    status = await bench.until(lambda status: status.state == "running" and status.restarts == 1)
    assert status.pid != known.pid
    assert "exit code is unknown" in next(status.note for status in bench.told if status.state == "exited")


async def test_after_a_crash_what_was_stopped_or_given_up_stays_so(bench: Bench):
    for state in ("stopped", "given_up"):
        targets = bench.targets(FOREVER)
        before = TargetStatus(name="shop", command=("x",), state=state, note="why")
        await targets.start_all({"shop": before}, crashed=True)
        assert (targets.status("shop").state, targets.status("shop").note) == (state, "why")
        assert (await targets.start("shop")).state == "running"
        await targets.stop("shop")
    targets = bench.targets(FOREVER)
    await targets.start_all({"shop": before})
    assert targets.status("shop").state == "running"


async def test_what_a_dead_target_left_is_ended_before_the_next_start(bench: Bench):
    code = "import os,sys,subprocess; p=subprocess.Popen(['sleep','600'], start_new_session=True); print(p.pid, flush=True); sys.exit(2)"
    targets = bench.targets(code, restart={"max_starts": 2})
    await targets.start_all()
    status = await bench.until(lambda status: status.state == "given_up")
    assert "1 running" in status.note
    left = [int(line) for line in targets.log_tail("shop", 10)]
    assert len(left) == 2
    first = look(left[0])
    assert first is None or first.state in "ZX"
    await targets.stop("shop")
    second = look(left[1])
    assert second is None or second.state in "ZX"


async def test_the_environment_puts_the_probe_on_the_path_and_nothing_of_ours(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", "/old")
    monkeypatch.setenv("NEXOIDE_PROBE_TOKEN", "outer")
    env = environment(bench.workspace, "shop", {"PORT": "80", "NEXOIDE_PROBE_TARGET": "forged"}, "t" * 64)
    first, _, rest = env["PYTHONPATH"].partition(":")
    assert first.endswith("/nexoide/probe/bootstrap")
    assert rest == "/old"
    assert (env["PORT"], env["NEXOIDE_PROBE_TOKEN"], env["NEXOIDE_PROBE_TARGET"]) == ("80", "t" * 64, "shop")
    assert env["NEXOIDE_PROBE_ROOT"] == str(bench.workspace.root)
    assert env["NEXOIDE_PROBE_SOCKET"] == str(bench.workspace.probe_socket)
    assert env["PYTHONPYCACHEPREFIX"] == str(bench.workspace.state / "pycache")


def test_tokens_survive_a_restart_and_are_private(tmp_path: Path):
    path = tmp_path / "tokens.json"
    tokens = Tokens(path)
    first = tokens.renew("shop")
    other = tokens.renew("cart")
    assert (len(first), first != other) == (64, True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = Tokens(path)
    assert (again.target_of(first), again.target_of(other), again.target_of(""), again.target_of("é\ud800")) == ("shop", "cart", None, None)
    tokens.renew("shop")
    assert Tokens(path).target_of(first) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"shop": 1}', b'{"shop": ""}', b"\xff", b"[" * 100_000])
def test_a_damaged_token_file_admits_nobody(tmp_path: Path, content: bytes):
    (tmp_path / "tokens.json").write_bytes(content)
    assert Tokens(tmp_path / "tokens.json").target_of("") is None


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a b", "x" * 65, "a\n"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str):
    with pytest.raises(ConfigError, match="no name for a target"):
        Targets({name: TargetSettings(command=("true",))}, Workspace(tmp_path), lambda status: None, SystemClock())


async def test_unknown_names_and_verbs(bench: Bench):
    targets = bench.targets(FOREVER)
    for call in (targets.start, targets.stop, targets.restart):
        with pytest.raises(NotFoundError, match="there are: shop"):
            await call("none")
    with pytest.raises(NotFoundError):
        targets.log_tail("none", 1)
    with pytest.raises(UsageError):
        await targets.action("shop", "explode")
    targets.attached("none", {})
    targets.detached("none", {})


async def test_the_interpreter_of_a_target(bench: Bench):
    root = bench.workspace.root
    assert bench.targets(FOREVER).interpreter("shop") == sys.executable
    script = root / "serve"
    script.write_text(f"#!{sys.executable} -u\n")
    script.chmod(0o755)
    assert bench.targets(command=("./serve",)).interpreter("shop") == sys.executable
    assert bench.targets(command=("sh", "-c", "x")).interpreter("shop") == sys.executable
    assert bench.targets(command=("no-such-program",)).interpreter("shop") == sys.executable
    assert bench.targets(command=("python3", "x"), env={"PATH": "/usr/bin:/bin"}).interpreter("shop").endswith("/python3")


@pytest.mark.parametrize(
    ("code", "lived", "line", "words"),
    [
        (3, 0.14, "ImportError: x", "exited with code 3 at once (0.1 s): ImportError: x"),
        (0, 90.0, "", "exited with code 0"),
        (-11, 5.0, "", "was ended by SIGSEGV (an invalid access to memory: a crash of native code)"),
        (-50, 5.0, "", "was ended by signal 50"),
        (None, -1.0, "", "ended (its exit code is unknown: an earlier supervisor had started it)"),
    ],
)
def test_the_words_for_an_end(code: int | None, lived: float, line: str, words: str):
    assert how_it_ended(code, lived, line) == words


async def test_the_token_file_names_each_target_once(bench: Bench):
    targets = bench.targets(FOREVER)
    await targets.start_all()
    await targets.restart("shop")
    stored = json.loads((bench.workspace.state / "tokens.json").read_text())
    assert list(stored) == ["shop"]


async def test_a_program_without_a_probe_is_said_to_be_unseen(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runner, "PROBE_SECONDS", 0.05)
    targets = bench.targets(FOREVER)
    await targets.start_all()
    unseen = await bench.until(lambda status: "no probe attached" in status.note)
    assert unseen.state == "running"
    targets.attached("shop", {"pid": unseen.pid, "python": "3.11.7"})
    assert targets.status("shop").note == ""
