"""Plays the supervisor for real programs: a Unix socket server in a thread, and a way to run scripts under the probe."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROBE = Path(__file__).resolve().parents[3] / "nexoide" / "probe"
BOOTSTRAP = PROBE / "bootstrap"
WAIT_S = 15.0


def interpreters() -> dict[str, str]:
    """Return the path of this interpreter and of those of pyenv, 3.9 to 3.14, by version."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}
    for path in sorted((Path.home() / ".pyenv" / "versions").glob("3.*/bin/python")):
        version = ".".join(path.parts[-3].split(".")[:2])
        if version in {"3.9", "3.10", "3.11", "3.12", "3.13", "3.14"}:
            found.setdefault(version, str(path))
    return found


class Peer:
    """Takes connections of probes, welcomes them, and remembers every message."""

    def __init__(self, path: Path, *, welcome: bool = True) -> None:
        self.path = path
        self.messages: list[dict[str, Any]] = []
        self._welcome = welcome
        self._changed = threading.Condition()
        self._connections: dict[int, socket.socket] = {}
        self._open: list[socket.socket] = []
        self._ids = 0
        self._reading = threading.Event()
        self._reading.set()
        self.up()

    def up(self) -> None:
        """Listen, anew where it was down."""
        self._server = socket.socket(socket.AF_UNIX)
        self.path.unlink(missing_ok=True)
        self._server.bind(str(self.path))
        self._server.listen(64)
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def down(self) -> None:
        """Close the door and every connection."""
        self.path.unlink(missing_ok=True)
        for one in (self._server, *self._open):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
        self._open.clear()
        with self._changed:
            self._connections.clear()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Read nothing for a while, of any connection."""
        self._reading.clear()
        try:
            yield
        finally:
            self._reading.set()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while True:
                self._reading.wait()
                message = json.loads(self._exactly(connection, *struct.unpack(">I", self._exactly(connection, 4))))
                if message["t"] == "hello" and self._welcome:
                    self._put(connection, {"t": "welcome"})
                with self._changed:
                    if message["t"] == "hello":
                        self._connections[message["pid"]] = connection
                    self.messages.append(message)
                    self._changed.notify_all()
        except (OSError, EOFError):
            connection.close()

    @staticmethod
    def _exactly(connection: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = connection.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    @staticmethod
    def _put(connection: socket.socket, message: dict[str, Any]) -> None:
        payload = json.dumps(message).encode()
        connection.sendall(struct.pack(">I", len(payload)) + payload)

    def wait(self, found: Callable[[dict[str, Any]], bool], count: int = 1) -> list[dict[str, Any]]:
        """Wait for `count` messages; fails with what came instead."""
        until = time.monotonic() + WAIT_S
        with self._changed:
            while len(hits := [message for message in self.messages if found(message)]) < count:
                assert self._changed.wait(until - time.monotonic()), f"waited for {count}, got {[m['t'] for m in self.messages]}"
            return hits

    def failures(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait for `count` failures and return them."""
        return [message["failure"] for message in self.wait(lambda message: message["t"] == "failure", count)]

    def counted(self) -> int:
        """Return how many failures all messages so far stand for, those that were dropped included."""
        wholes = sum(message["count"] + message["dropped"] for message in self.messages if message["t"] == "failure")
        repeats = [message for message in self.messages if message["t"] == "repeats"]
        return wholes + sum(item[1] for message in repeats for item in message["items"]) + sum(message["dropped"] for message in repeats)

    def total(self, count: int) -> int:
        """Wait until the messages stand for `count` failures, and return for how many they do."""
        self.wait(lambda message: message["t"] in {"failure", "repeats"} and self.counted() >= count)
        return self.counted()

    def send(self, message: dict[str, Any], pid: int | None = None) -> None:
        """Send to a process, the first that connected by default."""
        self.wait(lambda one: one["t"] == "hello")
        with self._changed:
            self._put(self._connections[pid or next(iter(self._connections))], message)

    def reload(self, *files: tuple[Path, str, str], dry_run: bool = False, watch: dict[str, Any] | None = None, pid: int | None = None) -> dict[str, Any]:
        """Ask for a reload and return the reply."""
        self._ids += 1
        number = self._ids
        entries = [{"path": str(path), "base": base, "new": new} for path, base, new in files]
        self.send({"t": "reload", "id": number, "dry_run": dry_run, "files": entries, "watch": watch}, pid)
        return self.wait(lambda message: message["t"] == "reply" and message["id"] == number)[0]


class Program:
    """One supervised program that answers expressions: each line on its stdin is evaluated, and its repr comes back."""

    LOOP = "\n\ndef _serve():\n    import sys\n    for line in sys.stdin:\n        print(repr(eval(line, globals())), flush=True)\n\n\n_serve()\n"

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, expression: str) -> Any:
        """Return what an expression is in the program."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(expression + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        try:
            return eval(answer)
        except (SyntaxError, NameError):
            return answer


class Bench:
    """A workspace folder, a peer, and the programs that run in it; all ended by `close`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        self.socket = folder / "probe.sock"
        self.peer = Peer(self.socket)
        self._processes: list[subprocess.Popen[str]] = []

    def write(self, name: str, text: str) -> Path:
        """Write one file of the workspace."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a supervised program."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "NEXOIDE"))}
        return {
            **kept,
            "NEXOIDE_PROBE_SOCKET": str(self.socket),
            "NEXOIDE_PROBE_TOKEN": "token-1",
            "NEXOIDE_PROBE_TARGET": "shop",
            "NEXOIDE_PROBE_ROOT": str(self.folder),
            "NEXOIDE_PROBE_DEBUG": "1",
            "PYTHONPATH": str(BOOTSTRAP),
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "pycache"),
            **more,
        }

    def start(self, *words: str, python: str = sys.executable, **more: str) -> subprocess.Popen[str]:
        """Start an interpreter with arguments, under the probe."""
        process = subprocess.Popen(
            [python, *words],
            cwd=self.folder,
            env=self.environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._processes.append(process)
        return process

    def run(self, text: str, python: str = sys.executable, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a script to its end."""
        path = self.write("script.py", text)
        process = self.start(str(path), python=python, **more)
        out, err = process.communicate(timeout=WAIT_S)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def serve(self, text: str, python: str = sys.executable) -> Program:
        """Start a script that answers expressions."""
        path = self.write("main.py", text + Program.LOOP)
        return Program(self.start(str(path), python=python))

    def close(self) -> None:
        """End what runs."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        self.peer.down()


def bench(folder: Path) -> Iterator[Bench]:
    """Give a bench and close it."""
    made = Bench(folder)
    try:
        yield made
    finally:
        made.close()
