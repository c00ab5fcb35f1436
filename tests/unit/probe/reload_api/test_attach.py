"""`attach()`: a program that nexoide did not start finds its supervisor, shows its token to nobody else, and never fails for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from nexoide.workspace import Workspace
from tests.unit.probe.peer import BOOTSTRAP, PROBE, Bench, Peer, Program

TOKEN = "5f" * 32
ATTACH = "import nexoide.probe\nprint(nexoide.probe.attach(), flush=True)\n"
DEEP = """
import logging
logging.getLogger('x').addHandler(logging.NullHandler())
logging.getLogger('x').propagate = False
def deep(n):
    return deep(n - 1) if n else 1 / 0
try:
    deep(6)
except ZeroDivisionError:
    logging.getLogger('x').exception('x')
input()
"""


class Home:
    """A workspace with its private runtime folder, as `nexoide.workspace` lays it out, and a program that is started in it."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bench = bench
        self.base = Path(tempfile.mkdtemp(prefix="nx"))  # a socket's path must be short
        monkeypatch.setenv("NEXOIDE_RUNTIME_DIR", str(self.base))
        bench.write("nexoide.toml", "")
        self.workspace = Workspace(bench.folder.resolve())
        self.workspace.make_folders()
        self.token = self.workspace.runtime / "attach.token"
        self.token.write_text(TOKEN + "\n")
        self.token.chmod(0o600)
        self.peer: Peer | None = None

    def up(self) -> Peer:
        self.peer = Peer(self.workspace.probe_socket)
        return self.peer

    def start(self, text: str, python: str, *, name: str = "svc/orders.py", cwd: str = ".", **more: str) -> subprocess.Popen[str]:
        path = self.bench.write(name, text)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "NEXOIDE"))}
        environment = {
            **kept,
            "PYTHONPATH": str(PROBE.parents[1]),
            "NEXOIDE_RUNTIME_DIR": os.environ["NEXOIDE_RUNTIME_DIR"],
            "NEXOIDE_PROBE_DEBUG": "1",
            **more,
        }
        process = subprocess.Popen(
            [python, str(path)], cwd=self.bench.folder / cwd, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.bench._processes.append(process)
        return process

    def hello(self) -> dict[str, Any]:
        assert self.peer is not None
        return self.peer.wait(lambda message: message["t"] == "hello")[0]


@pytest.fixture
def home(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A workspace whose supervisor can be brought up."""
    made = Home(bench, monkeypatch)
    yield made
    if made.peer is not None:
        made.peer.down()
    shutil.rmtree(made.base)


def test_a_program_is_taken_by_the_supervisor_of_the_workspace_it_is_in(home: Home, each: str) -> None:
    peer = home.up()
    process = home.start(ATTACH + DEEP, each, cwd="svc")

    hello = home.hello()

    assert (hello["token"], hello["target"], hello["attached"], hello["pid"], hello["v"]) == (TOKEN, "orders", True, process.pid, 3)
    (failure,) = peer.failures()
    assert failure["exceptions"][0]["type"] == "ZeroDivisionError"
    assert "locals" in failure["exceptions"][0]["frames"][0]  # the workspace's own code, as its outer frames have them too
    out, err = process.communicate("\n", timeout=15)
    assert (out, err) == ("True\n", "")


def test_it_is_found_by_the_script_and_by_a_given_folder_or_socket(home: Home, tmp_path: Path) -> None:
    home.up()
    (tmp_path / "elsewhere").mkdir()
    given = {
        "": "attach()",
        "named shop": f"attach({str(home.bench.folder)!r}, target='named shop')",
        "by-socket": f"attach({str(home.workspace.probe_socket)!r}, target='by-socket')",
        "by-path": f"attach(__import__('pathlib').Path({str(home.bench.folder / 'svc')!r}), target='by-path')",
    }
    for name, call in given.items():
        process = home.start(f"import nexoide.probe\nprint(nexoide.probe.{call})\n", sys.executable, cwd=str(tmp_path / "elsewhere"))
        assert process.communicate(timeout=15)[0] == "True\n", name

    assert home.peer is not None
    assert [message["target"] for message in home.peer.messages if message["t"] == "hello"] == ["orders", "named-shop", "by-socket", "by-path"]


def test_without_a_supervisor_it_returns_at_once_and_goes_on_looking(home: Home, each: str) -> None:
    home.token.unlink()
    process = home.start(
        "import time\nbegun = time.monotonic()\n" + ATTACH + "print(time.monotonic() - begun < 0.9, nexoide.probe.attach(), flush=True)\ninput()\n", each
    )
    assert process.stdout is not None
    assert (process.stdout.readline(), process.stdout.readline()) == ("False\n", "True False\n")

    home.up()
    time.sleep(0.3)
    assert home.peer is not None
    assert home.peer.messages == []
    home.token.write_text(TOKEN)
    home.token.chmod(0o600)

    assert home.hello()["token"] == TOKEN
    assert process.communicate("\n", timeout=15)[1] == ""


def test_no_workspace_at_all_is_no_error(home: Home, each: str, tmp_path: Path) -> None:
    (home.bench.folder / "nexoide.toml").unlink()
    process = home.start(ATTACH, each)

    assert process.communicate(timeout=15) == ("False\n", "")


@pytest.mark.parametrize("flaw", ["folder", "token", "link", "socket folder"])
def test_the_token_is_shown_only_where_nobody_else_can_have_made_the_place(home: Home, flaw: str) -> None:
    peer = home.up()
    if flaw == "folder":
        home.workspace.runtime.chmod(0o755)
    elif flaw == "token":
        home.token.unlink()
        home.token.mkdir()
    elif flaw == "link":
        real = home.token.with_name("other")
        home.token.rename(real)
        home.token.symlink_to(real)
    else:
        home.workspace.probe_socket.parent.chmod(0o777)

    process = home.start(
        ATTACH
        + dedent("""
        import time
        time.sleep(0.3)
        """),
        sys.executable,
    )

    assert process.communicate(timeout=15)[0] == "False\n"
    assert peer.messages == []


def test_the_environment_attaches_it_too(home: Home, each: str) -> None:
    home.up()
    path = subprocess.run([each, "-m", "nexoide.probe", "--path"], cwd=PROBE.parents[1], capture_output=True, text=True, check=True).stdout.strip()
    assert path == str(BOOTSTRAP)
    process = home.start(
        dedent("""
        import sys
        print('_nexoide_probe' in sys.modules, [name for name in ('tempfile', 'random', 'json', 'threading') if name in sys.modules], flush=True)
        input()
        """),
        each,
        PYTHONPATH=path,
        NEXOIDE_PROBE="1",
    )

    assert (home.hello()["target"], home.hello()["attached"]) == ("orders", True)
    out, err = process.communicate("\n", timeout=15)
    assert (out, err) == ("True []\n", "")


@pytest.mark.parametrize("value", ["", "0", "off"])
def test_the_environment_can_say_no(home: Home, value: str) -> None:
    process = home.start(
        dedent("""
        import sys
        print('_nexoide_probe.link' in sys.modules)
        """),
        sys.executable,
        PYTHONPATH=str(BOOTSTRAP),
        NEXOIDE_PROBE=value,
    )

    assert process.communicate(timeout=15)[0] == "False\n"


def test_a_program_that_nexoide_started_is_attached_already(bench: Bench, each: str) -> None:
    program = bench.serve("import nexoide.probe, sys\n", each)

    assert program.ask("nexoide.probe.attach()") is True
    assert program.ask("nexoide.probe.attach('/nowhere', target='other')") is True
    (hello,) = [message for message in bench.peer.messages if message["t"] == "hello"]
    assert (hello["target"], hello["token"], "attached" in hello) == ("shop", "token-1", False)


def test_a_started_program_whose_bootstrap_was_lost_attaches_as_what_it_is(bench: Bench, each: str) -> None:
    path = bench.write("main.py", ATTACH + Program.LOOP)
    program = Program(bench.start(str(path), python=each, PYTHONPATH=str(PROBE.parents[1])))

    (hello,) = bench.peer.wait(lambda message: message["t"] == "hello")

    assert (hello["target"], hello["token"], "attached" in hello) == ("shop", "token-1", False)
    assert program.process.poll() is None


@pytest.mark.parametrize("base", ["NEXOIDE_RUNTIME_DIR", "XDG_RUNTIME_DIR", "TMPDIR", ""])
def test_the_runtime_folder_is_the_one_that_the_supervisor_has(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nexoide.probe import attachment

    for name in ("NEXOIDE_RUNTIME_DIR", "XDG_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    if base:
        monkeypatch.setenv(base, str(tmp_path / "run"))
        (tmp_path / "run").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)

    place = attachment.find(str(tmp_path), [])
    assert place is None
    (tmp_path / "nexoide.toml").touch()
    (tmp_path / "deep").mkdir()
    place = attachment.find(str(tmp_path / "deep"), [])

    assert place is not None
    workspace = Workspace(tmp_path.resolve())
    assert (Path(place.socket), Path(place.token_file), Path(place.root)) == (workspace.probe_socket, workspace.runtime / "attach.token", workspace.root)
