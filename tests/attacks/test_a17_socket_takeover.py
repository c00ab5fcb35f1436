"""A17: the control plane's and the probes' sockets are ours alone: folders, modes, who is at the other end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nexoide.api import serve as serving
from nexoide.api.serve import bind
from nexoide.client import Client, Control
from nexoide.errors import NexoideError, RefusedError
from nexoide.model.commands import StatusAnswer
from nexoide.supervisor import sockets
from nexoide.supervisor.sockets import bind_private, peer_of
from nexoide.workspace import Workspace
from tests.unit.api.standin import running
from tests.unit.supervisor.test_probes import Bench

ROOT = pytest.mark.skipif(os.getuid() != 0, reason="needs root to act as another user")
ASK = """
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
try:
    s.sendall(b"GET /v1/status HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
    answer = s.recv(15)
except OSError:
    answer = b""
print(answer.decode() or "closed")
"""


async def ask(path: Path, *before: str, **more: object) -> str:
    """Ask for the status as another process, started by `before`."""
    child = await asyncio.create_subprocess_exec(*before, "/usr/bin/env", "-i", _python(), "-c", ASK, str(path), stdout=-1, stderr=-1, **more)
    out, err = await child.communicate()
    return out.decode().strip() or err.decode().strip().splitlines()[-1]


def _python() -> str:
    return shutil.which("python3", path="/usr/bin:/bin") or sys.executable


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_folder_and_socket_are_private_from_the_first_moment_whatever_the_umask(runtime: Path, umask: int):
    before = os.umask(umask)
    try:
        (runtime / "c").mkdir(mode=0o700)
        (runtime / "c").chmod(0o700)
        sock = bind(runtime / "c" / "api.sock")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    with sock:
        assert stat.S_IMODE((runtime / "c").lstat().st_mode) == 0o700
        assert stat.S_IMODE((runtime / "c" / "api.sock").lstat().st_mode) == 0o600


def test_the_mode_is_right_at_bind_not_only_after_it(runtime: Path, monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    real = Path.chmod

    def chmod(self: Path, mode: int, **more: bool) -> None:
        if self.name == "api.sock":
            seen.append(stat.S_IMODE(self.lstat().st_mode))
        real(self, mode, **more)

    monkeypatch.setattr(Path, "chmod", chmod)
    before = os.umask(0)
    try:
        bind(runtime / "c" / "api.sock").close()
    finally:
        os.umask(before)
    assert seen == [0o700]


def test_a_folder_that_others_may_enter_is_closed(runtime: Path):
    (runtime / "c").mkdir()
    (runtime / "c").chmod(0o777)
    bind(runtime / "c" / "api.sock").close()
    assert stat.S_IMODE((runtime / "c").lstat().st_mode) == 0o700


def test_a_link_as_the_folder_is_refused(runtime: Path):
    (runtime / "real").mkdir(mode=0o700)
    (runtime / "c").symlink_to("real")
    with pytest.raises(RefusedError, match="not a folder"):
        bind(runtime / "c" / "api.sock")


@ROOT
def test_a_folder_of_somebody_else_is_refused(runtime: Path):
    (runtime / "c").mkdir(mode=0o700)
    os.chown(runtime / "c", 65534, 65534)
    with pytest.raises(RefusedError, match="belongs to user 65534"):
        bind(runtime / "c" / "api.sock")


def test_a_stale_socket_of_ours_is_removed_and_nothing_else_ever(runtime: Path):
    path = runtime / "c" / "api.sock"
    bind(path).close()
    bind(path).close()
    for make in (lambda: path.write_text("precious"), path.mkdir, lambda: path.symlink_to("/etc/passwd")):
        path.unlink()
        make()
        with pytest.raises(RefusedError, match="not a socket of yours"):
            bind(path)
        assert path.is_symlink() or path.exists()
        if path.is_dir():
            path.rmdir()
            path.touch()


def test_a_path_too_long_for_a_socket_is_one_sentence(runtime: Path):
    with pytest.raises(RefusedError, match="shorter"):
        bind_private(runtime / ("x" * 100) / "api.sock")
    assert os.umask(0o022) == 0o022


async def test_our_own_processes_are_answered():
    async with running() as (_, path):
        assert await ask(path) == "HTTP/1.1 200 OK"


@ROOT
async def test_another_user_cannot_reach_it_and_is_refused_where_it_can():
    async with running() as (_, path):
        assert "PermissionError" in await ask(path, user=65534)
        for opened in (path.parent.parent, path.parent):
            opened.chmod(0o755)
        path.chmod(0o666)  # even with every mode wrong
        assert await ask(path, user=65534) == "closed"


async def test_the_same_user_in_another_user_namespace_is_refused():
    async with running() as (_, path):
        inside = ["unshare", "--user", "--map-root-user"]
        if subprocess.run([*inside, "true"], capture_output=True).returncode:
            pytest.skip("user namespaces are not available here")
        assert await ask(path, *inside) == "closed"
        assert await ask(path) == "HTTP/1.1 200 OK"


@ROOT
@pytest.mark.sandbox
async def test_a_sandbox_that_was_given_the_socket_is_refused():
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    async with running() as (_, path):
        box = ["bwrap", "--unshare-user", "--uid", "65534", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        assert await ask(path, *box) == "closed"


async def test_a_probe_in_another_user_namespace_is_refused_even_with_a_token(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(runtime))
    Workspace(tmp_path).make_folders()
    bench = Bench(Workspace(tmp_path))
    await bench.probes.start()
    inside = ["unshare", "--user", "--map-root-user"]
    if subprocess.run([*inside, "true"], capture_output=True).returncode:
        await bench.probes.close()
        pytest.skip("user namespaces are not available here")
    assert await ask(bench.workspace.probe_socket, *inside) == "closed"
    ((sentence,),) = await bench.until("notice")
    assert "another user namespace" in sentence
    await bench.probes.close()


def test_a_peer_that_ended_is_nobody():
    left, right = socket.socketpair()
    left.close()
    right.close()
    server = socket.socket(socket.AF_UNIX)
    server.bind("")  # an abstract name: for this test alone
    server.listen()
    code = f"import socket; s=socket.socket(socket.AF_UNIX); s.connect({server.getsockname()!r})"
    subprocess.run([sys.executable, "-c", code], check=True)
    with server, server.accept()[0] as connection:
        peer = peer_of(connection)
    assert not peer.ours
    assert "cannot be identified" in peer.reason


async def test_a_number_that_passed_to_another_while_looking_is_refused(monkeypatch: pytest.MonkeyPatch):
    left, right = socket.socketpair()
    child = subprocess.Popen(["true"])
    pidfd = os.pidfd_open(child.pid)
    child.wait()  # the pinned process is gone; whatever /proc says now is about another
    monkeypatch.setattr(sockets, "_peer_pidfd", lambda sock, pid: pidfd)
    with left, right:
        assert not peer_of(left).ours


def own_sockets() -> set[str]:
    names = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            names.append(str(entry.readlink()))
    return {name[8:-1] for name in names if name.startswith("socket:[")}


async def test_nothing_listens_on_an_abstract_name_or_a_port():
    async with running() as (_, path):
        inodes = own_sockets()
        listening = [row.split() for row in Path("/proc/net/unix").read_text().splitlines()[1:] if row.split()[3] == "00010000"]
        ours = [row[7] for row in listening if row[6] in inodes and len(row) > 7]
        assert ours == [str(path)]
        for table in ("tcp", "tcp6"):
            rows = [row.split() for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
            assert not [row for row in rows if row[3] == "0A" and row[9] in inodes]


async def asked(client: Client | Control) -> StatusAnswer:
    result = client.status()
    return result if isinstance(result, StatusAnswer) else await result


@pytest.mark.parametrize("make", [Client, Control])
async def test_a_client_does_not_talk_to_somebody_elses_socket(runtime: Path, make: Callable[[Path], Client | Control]):
    if os.getuid() != 0:
        pytest.skip("needs root to act as another user")
    path = runtime / "c" / "api.sock"
    sock = bind(path)
    with sock:
        os.chown(path, 65534, 65534)
        client = make(path)
        with pytest.raises(NexoideError, match="not a socket of yours"):
            await asked(client)


def test_the_guard_is_the_one_that_serves():
    assert serving.GuardedHttp.connection_made is not serving.H11Protocol.connection_made
