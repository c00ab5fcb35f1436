"""Starting, adopting and ending real processes; their logs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nexoide.errors import NexoideError, NotFoundError, RefusedError, UnavailableError, UsageError
from nexoide.supervisor import target_logs
from nexoide.supervisor.processes import Process, Spec, adopt, look, start, start_time
from nexoide.supervisor.sockets import peer_of
from nexoide.supervisor.target_logs import cap_log, tail


def spec(tmp_path: Path, *command: str, env: dict[str, str] | None = None, mark: str = "") -> Spec:
    return Spec(name="shop", command=command, cwd=tmp_path, env=dict(os.environ) | (env or {}), log=tmp_path / "shop.log", mark=mark)


def python(tmp_path: Path, code: str, **more: str) -> Process:
    return start(spec(tmp_path, sys.executable, "-c", code, env=more, mark=next((f"{key}={value}" for key, value in more.items()), "")))


async def said(path: Path, text: str) -> None:
    async with asyncio.timeout(10):
        while text not in path.read_text(errors="replace"):
            await asyncio.sleep(0.01)


async def test_a_process_has_no_terminal_no_input_and_a_private_log(tmp_path: Path):
    code = "import os,sys; print(os.getsid(0)==os.getpid(), sys.stdin.read()=='', flush=True); print('err', file=sys.stderr); sys.exit(3)"
    process = python(tmp_path, code)
    assert process.start_time == start_time(process.pid) > 0
    assert await process.wait() == 3
    assert (process.exit_code, process.alive, process.left) == (3, False, ())
    assert tail(tmp_path / "shop.log", 10) == ["True True", "err"]
    assert stat.S_IMODE((tmp_path / "shop.log").stat().st_mode) == 0o600


async def test_a_second_start_appends_and_only_its_own_lines_are_asked_for(tmp_path: Path):
    await python(tmp_path, "print('one')").wait()
    offset = target_logs.log_size(tmp_path / "shop.log")
    await python(tmp_path, "print('two')").wait()
    assert tail(tmp_path / "shop.log", 10) == ["one", "two"]
    assert tail(tmp_path / "shop.log", 10, offset) == ["two"]


async def test_any_number_may_wait_and_one_may_be_cancelled(tmp_path: Path):
    process = python(tmp_path, "import time; time.sleep(0.2)")
    impatient = asyncio.create_task(process.wait())
    await asyncio.sleep(0)
    impatient.cancel()
    assert await asyncio.gather(process.wait(), process.wait()) == [0, 0]


async def test_a_signal_is_a_negative_code(tmp_path: Path):
    assert await python(tmp_path, "import os; os.kill(os.getpid(), 9)").wait() == -9


@pytest.mark.parametrize(
    ("command", "kind", "words"),
    [
        (("no-such-program-here",), NotFoundError, "was not found"),
        (("./folder",), RefusedError, "permissions"),
        (("./script",), NotFoundError, "was not found"),
        (("./binary",), UsageError, "cannot be executed"),
        (("python\0",), UsageError, "NUL"),
    ],
)
def test_what_cannot_be_started_is_one_sentence(tmp_path: Path, command: tuple[str, ...], kind: type[NexoideError], words: str):
    (tmp_path / "folder").mkdir()
    for name, content in (("script", b"#!/no/such/interpreter\n"), ("binary", b"\x00\x01nothing")):
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o755)
    with pytest.raises(kind, match=words) as failed:
        start(spec(tmp_path, *command))
    assert "\n" not in failed.value.sentence


def test_a_missing_folder_is_named(tmp_path: Path):
    wanted = Spec(name="shop", command=("true",), cwd=tmp_path / "gone", env={}, log=tmp_path / "log")
    with pytest.raises(NotFoundError, match=r"its folder .*gone does not exist"):
        start(wanted)


@pytest.mark.parametrize("kind", ["missing folder", "folder", "link", "fifo"])
def test_a_log_that_is_no_file_is_refused(tmp_path: Path, kind: str):
    log = tmp_path / "log"
    if kind == "missing folder":
        log = tmp_path / "gone" / "log"
    elif kind == "folder":
        log.mkdir()
    elif kind == "link":
        log.symlink_to(tmp_path / "elsewhere")
    else:
        os.mkfifo(log)
    with pytest.raises(RefusedError):
        target_logs.open_log(log)
    assert not (tmp_path / "elsewhere").exists()


def test_a_shortage_may_pass_and_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def short(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", short)
    with pytest.raises(UnavailableError, match="short of"):
        start(spec(tmp_path, "true"))


async def test_an_adopted_process_is_waited_for_and_stopped(tmp_path: Path):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    found = adopt(child.pid, start_time(child.pid))
    assert found is not None
    assert found.adopted
    waiting = asyncio.create_task(found.wait())
    assert await found.stop(5.0) == ()
    assert await waiting is None
    assert child.wait() == -signal.SIGTERM


def test_a_number_that_passed_to_another_is_not_adopted(tmp_path: Path):
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert adopt(child.pid, start_time(child.pid) - 1) is None
        assert adopt(os.getpid(), start_time(os.getpid())) is None
        assert adopt(1, start_time(1)) is None
        assert adopt(0, 0.0) is None
    finally:
        child.kill()
        started = start_time(child.pid)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert adopt(child.pid, started) is None  # a zombie runs no more
        child.wait()
    assert adopt(child.pid, started) is None


async def test_release_leaves_it_running(tmp_path: Path):
    process = python(tmp_path, "import time; time.sleep(60)")
    waiting = asyncio.create_task(process.wait())
    await asyncio.sleep(0)
    waiting.cancel()
    process.release()
    seen = look(process.pid)
    assert seen is not None
    assert seen.state not in "ZX"
    os.kill(process.pid, signal.SIGKILL)
    os.waitpid(process.pid, 0)


def test_the_process_table_is_read_past_any_name(tmp_path: Path):
    child = subprocess.Popen(["bash", "-c", "echo ') R 1 1 (' > /proc/self/comm; read line"], stdin=subprocess.PIPE)
    try:
        seen = look(child.pid)
        assert seen is not None
        assert (seen.pid, seen.parent) == (child.pid, os.getpid())
        assert seen.start_time >= start_time(os.getpid())
    finally:
        child.communicate(b"\n")


async def test_what_it_leaves_behind_is_known_and_can_be_ended(tmp_path: Path):
    process = start(spec(tmp_path, "bash", "-c", "sleep 61 & sleep 62 & echo on; exit 0"))
    assert await process.wait() == 0
    assert len(process.left) == 2
    assert await process.stop(5.0) == ()
    assert all(start_time(seen.pid) != seen.start_time or look(seen.pid).state in "ZX" for seen in process.left)


def test_the_tail_is_bounded_and_always_text(tmp_path: Path):
    log = tmp_path / "log"
    log.write_bytes(b"first\r\n\xff\xfe \x00 \xed\xa0\x80\n" + b"x" * 5000 + b"\nlast without newline")
    assert tail(log, 10) == ["first", "\\xff\\xfe \x00 \\xed\\xa0\\x80", "x" * 4096 + " (+904 bytes)", "last without newline"]
    assert tail(log, 1) == ["last without newline"]
    assert tail(log, 0) == []
    assert tail(tmp_path / "none", 5) == []
    assert tail(tmp_path, 5) == []


def test_a_log_that_outgrew_its_limit_keeps_its_end_and_says_so(tmp_path: Path):
    log = tmp_path / "log"
    writer = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(writer, b"".join(b"line %06d\n" % index for index in range(1000)))
    assert cap_log(log, limit=20_000, kept=1000) == 0
    dropped = cap_log(log, limit=10_000, kept=1000)
    os.write(writer, b"still here\n")
    os.close(writer)
    lines = log.read_text().splitlines()
    assert lines[0] == f"(nexoide dropped {dropped} bytes of older output)"
    assert lines[1:] == [f"line {index:06d}" for index in range(1000 - (len(lines) - 2), 1000)] + ["still here"]
    assert dropped == 12_000 - 12 * (len(lines) - 2)


def test_our_own_connection_is_ours(tmp_path: Path):
    left, right = socket.socketpair()
    with left, right:
        peer = peer_of(left)
    assert (peer.pid, peer.uid, peer.ours) == (os.getpid(), os.getuid(), True)
