"""A16: what comes in from another process is JSON of known shape; nothing unpickles, evaluates or starts a shell."""

from __future__ import annotations

import ast
import json
import struct
from pathlib import Path

import pytest

import nexoide
from nexoide.errors import UsageError
from nexoide.model.commands import DecideCommand
from nexoide.supervisor.probe_wire import MAX_DEPTH, MAX_FROM_PROBE, MAX_TO_PROBE, BadFrameError, frame, parse
from tests.unit.supervisor.test_probes import HELLO, failure

PACKAGE = Path(nexoide.__file__).parent
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "demo/shop" not in path.as_posix())
BANNED_MODULES = {"pickle", "marshal", "shelve", "cPickle", "dill", "cloudpickle", "jsonpickle"}
BANNED_CALLS = {"eval", "exec"}
RELOADS = ("probe/reload/", "sandbox/inside/nexoide_calls.py")
"""Taking over new code is what the first is for, and what it runs was approved by hash; the second runs code on trial, inside the sandbox alone."""


def offences(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in BANNED_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in BANNED_MODULES:
            found.append(node.module)
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            found += [name] if name in BANNED_CALLS else []
            found += [
                "shell=True" for word in node.keywords if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
            ]
            dotted = ast.unparse(node.func) if isinstance(node.func, ast.Attribute) else ""
            found += [dotted] if dotted in {"os.system", "os.popen", "builtins.eval", "builtins.exec", "pickle.loads"} else []
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_file_unpickles_evaluates_or_starts_a_shell(path: Path):
    found = offences(path)
    if path.relative_to(PACKAGE).as_posix().startswith(RELOADS):
        found = [name for name in found if name not in {"exec", "eval", "builtins.exec"}]
    assert found == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path):
    sample = tmp_path / "bad.py"
    sample.write_text(
        "import pickle\nfrom marshal import loads\neval('1')\nexec('1')\nimport subprocess, os\nsubprocess.run('x', shell=True)\nos.system('x')\n"
    )
    assert sorted(offences(sample)) == ["eval", "exec", "marshal", "os.system", "pickle", "shell=True"]


def test_a_frame_is_four_bytes_of_length_and_json_within_bounds():
    whole = frame(HELLO)
    assert struct.unpack(">I", whole[:4]) == (len(whole) - 4,)
    assert parse(whole[4:]) == HELLO
    assert (MAX_FROM_PROBE, MAX_TO_PROBE, MAX_DEPTH) == (1 << 20, 32 << 20, 32)
    with pytest.raises(UsageError):
        frame({"t": "reload", "files": "x" * MAX_TO_PROBE})


@pytest.mark.parametrize(("depth", "right"), [(30, True), (31, False), (40, False)])
def test_nesting_ends_at_32(depth: int, right: bool):
    deep: object = "x"
    for _ in range(depth):
        deep = [deep]
    raw = json.dumps(failure() | {"failure": {"deep": deep}}).encode()
    if right:
        assert parse(raw)["t"] == "failure"
    else:
        with pytest.raises(BadFrameError, match="deeper than 32"):
            parse(raw)


@pytest.mark.parametrize("message", [HELLO, failure(), {"t": "passes", "watch": "D", "hits": 1}])
def test_unknown_fields_are_refused_everywhere(message: dict[str, object]):
    with pytest.raises(BadFrameError, match="too many or too few"):
        parse(json.dumps(message | {"__class__": "os.system"}).encode())


def test_every_version_but_ours_is_refused_before_anything_else_is_looked_at():
    for version in (0, 4, "1", None, 1.5):
        with pytest.raises(BadFrameError, match="version"):
            parse(json.dumps({"t": "hello", "v": version, "anything": 1}).encode())


def test_bodies_of_commands_forbid_what_they_do_not_know():
    assert DecideCommand.__pydantic_config__ == {"extra": "forbid"}
