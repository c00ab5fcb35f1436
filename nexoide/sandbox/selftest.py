"""Attacks a launcher from inside and looks from outside what came of it: what a sandbox is said to hold was seen to hold."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexoide.errors import UnavailableError
from nexoide.sandbox import scratch
from nexoide.sandbox.interpreter import link_chain
from nexoide.sandbox.launch import Launcher, Prepared
from nexoide.sandbox.profile import Limits, Profile, base_environment, megabytes

_HOSTILE = Path(__file__).resolve().parent / "hostile.py"
_LIMITS = Limits(memory_mb=256, cpu_seconds=20, file_mb=1, open_files=256, processes=40, scratch_mb=16)
_TIMEOUT = 20.0
_GRACE = 2.0
# One more process between us and the launcher: killed as a supervisor would be, with nothing told to anybody.
_PARENT = '"$@"; exit "$?"'


@dataclass(frozen=True, slots=True)
class Findings:
    """What came of the attacks: name → '' where refused, else what was managed; `status` is the launcher's own word."""

    managed: dict[str, str]
    whole_memory: bool
    status: bytes


class _Bait:
    """What an attacker would want: sockets that listen, a secret, a file to spoil; all of it made for this test."""

    def __init__(self, base: Path) -> None:
        self.outside = base / "outside"
        self.outside.mkdir(mode=0o700)
        self.secret = secrets.token_hex(16)
        (self.outside / "secret").write_text(self.secret, encoding="ascii")
        (self.outside / "old").write_text("untouched", encoding="ascii")
        (self.outside / "old").chmod(0o600)
        self.abstract = f"\0nexoide-{secrets.token_hex(8)}"
        self.unix_path = str(self.outside / "control.sock")
        self.tcp = _listening(socket.AF_INET, ("127.0.0.1", 0))
        self.unix = _listening(socket.AF_UNIX, self.unix_path)
        self.hidden = _listening(socket.AF_UNIX, self.abstract)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.udp.setblocking(False)
        self.devices = device_changes()

    def close(self) -> None:
        for one in (self.tcp, self.unix, self.hidden, self.udp):
            one.close()

    def seen_from_outside(self, managed: dict[str, str]) -> dict[str, str]:
        """Return `managed` corrected by what can be observed here, whatever the attacker says."""
        found = dict(managed)
        if _reached(self.tcp):
            found["tcp"] = "connected to a port of the host"
        if _reached(self.unix) or _reached(self.hidden):
            found["unix"] = "connected to a Unix socket of the host"
        if _received(self.udp):
            found["udp"] = "sent a datagram to the host"
        old = self.outside / "old"
        intact = old.is_file() and old.read_text(encoding="ascii") == "untouched" and old.stat().st_mode & 0o777 == 0o600
        if not intact or (self.outside / "new").exists():
            found["write_outside"] = found.get("write_outside") or "changed a file outside the copy"
        if device_changes() != self.devices:
            found["devices"] = "changed a device file of the host"
        return found

    def asked(self, life: int) -> str:
        return json.dumps(
            {
                "tcp": self.tcp.getsockname()[1],
                "udp": self.udp.getsockname()[1],
                "unix": self.unix_path,
                "abstract": self.abstract,
                "outside": str(self.outside),
                "secret": str(self.outside / "secret"),
                "pid_namespace": os.readlink("/proc/self/ns/pid"),  # noqa: PTH115
                "supervisor": os.getpid(),
                "memory": megabytes(_LIMITS.memory_mb),
                "file": megabytes(_LIMITS.file_mb),
                "processes": _LIMITS.processes,
                "life": life,
                "devices": list(self.devices),
            }
        )


def device_changes() -> dict[str, int]:
    """Return when the rights of the host's device files were last set, in nanoseconds; a sandbox never moves these times."""
    paths = [Path("/dev") / name for name in ("null", "zero", "full", "random", "urandom", "tty")]
    return {str(path): path.stat().st_ctime_ns for path in paths if path.exists()}


async def attack(launcher: Launcher) -> Findings:
    """Return what a hostile process managed under `launcher`; raises UnavailableError where the launcher does not work at all."""
    base = scratch.make()
    life, theirs = os.pipe()
    bait = None
    try:
        bait = _Bait(base)
        prepared = launcher.prepare(_profile(base, bait, theirs))
        try:
            return await _observe(launcher, prepared, base, bait, life, theirs)
        finally:
            await asyncio.to_thread(prepared.close)
    except OSError as error:
        raise UnavailableError(f"The sandbox could not be tested: {error}.") from error
    finally:
        os.close(life)
        if bait is not None:
            bait.close()
        await asyncio.to_thread(scratch.remove, base)


def _profile(base: Path, bait: _Bait, life: int) -> Profile:
    folder, temporary = base / "copy", base / "scratch"
    folder.mkdir()
    temporary.mkdir()
    prefixes = tuple(Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix))
    return Profile(
        command=(sys.executable, "-I", "-S", str(_HOSTILE)),
        folder=folder,
        env={**base_environment(None), "NEXOIDE_HOSTILE": bait.asked(life)},
        scratch=temporary,
        readable=(*prefixes, *link_chain(Path(sys.executable)), _HOSTILE),
        limits=_LIMITS,
        inherited=(life,),
    )


async def _observe(launcher: Launcher, prepared: Prepared, base: Path, bait: _Bait, life: int, theirs: int) -> Findings:
    log = os.open(base / "log", os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        process = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            _PARENT,
            "sh",
            *prepared.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=prepared.env,
            cwd="/",
            pass_fds=prepared.given,
            start_new_session=True,
        )
    finally:
        os.close(log)
        os.close(theirs)
        prepared.close_given()
    try:
        ready = await _until_readable(life, _TIMEOUT) and os.read(life, 1) == b"r"
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)  # Process.kill() could reap it itself, and its end would be lost
        await process.wait()
        gone = ready and await _until_readable(life, _GRACE) and os.read(life, 1) == b""
    finally:
        _kill_session(process.pid)
        if process.returncode is None:
            await process.wait()
    if not ready:
        said = (base / "log").read_text("utf-8", "replace").strip().splitlines()
        raise UnavailableError(f"The sandbox '{launcher.name}' does not work here: {said[-1][:300].rstrip('.') if said else 'it ended without a word'}.")
    managed = bait.seen_from_outside(_answer(base / "copy" / "answer", bait.secret))
    managed["survivors"] = "" if gone else "outlived the supervisor"
    whole_memory = prepared.group is not None and prepared.group.has_memory
    return Findings(managed, whole_memory, prepared.read_status())


def _answer(path: Path, secret: str) -> dict[str, str]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    managed = {str(name): str(text) for name, text in found.items()}
    if secret in managed.get("read_secret", ""):
        managed["read_secret"] = "read a file outside the copy"  # noqa: S105  (a sentence)
    return managed


async def _until_readable(descriptor: int, seconds: float) -> bool:
    loop = asyncio.get_running_loop()
    seen = asyncio.Event()
    loop.add_reader(descriptor, seen.set)
    try:
        async with asyncio.timeout(seconds):
            await seen.wait()
        return True
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(descriptor)


def _kill_session(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _listening(family: int, address: Any) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    one.bind(address)
    one.listen(4)
    one.setblocking(False)
    return one


def _reached(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _received(one: socket.socket) -> bool:
    try:
        one.recv(16)
    except BlockingIOError:
        return False
    return True
