"""Small real programs: run in their own process, failures captured as they happen, patched files run again."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from dataclasses import dataclass, replace
from pathlib import Path

from nexoide.model.codec import from_builtins
from nexoide.model.failure import Failure
from nexoide.repair.engine import diagnose
from nexoide.repair.proposal import Diagnosis, Proposal

# Runs on 3.9 and later: the program's own interpreter writes what was raised as a failure's JSON.
_RUNNER = r"""
import json, linecache, runpy, sys, traceback
sys.path.insert(0, sys.argv[1])

def view(value):
    kind = type(value)
    names = value.__dict__ if isinstance(value, type(sys)) else dir(value)
    module = sys.modules.get(kind.__module__)
    return {"type": kind.__qualname__, "module": kind.__module__, "repr": repr(value)[:200],
            "file": getattr(module, "__file__", None) or "", "attributes": [n for n in names if not n.startswith("_")][:64]}

def frames(tb):
    rows = []
    for frame, line in traceback.walk_tb(tb):
        code = frame.f_code
        row = {"file": code.co_filename, "line": line, "function": getattr(code, "co_qualname", code.co_name),
               "module": frame.f_globals.get("__name__", ""), "source": linecache.getline(code.co_filename, line).strip(),
               "locals": {k: view(v) for k, v in list(frame.f_locals.items())[:32] if not k.startswith("__")}}
        rows.append(row)
    if hasattr(tb.tb_frame.f_code, "co_positions"):
        extracted = traceback.extract_tb(tb)
        for row, item in zip(rows, extracted):
            if item.colno is not None:
                row["end_line"], row["column"], row["end_column"] = item.end_lineno, item.colno, item.end_colno
    return rows

def raised(error, relation):
    rows = [r for r in frames(error.__traceback__) if "runpy" not in r["file"] and r["file"] != "<string>"]
    row = {"type": type(error).__name__, "message": str(error), "module": type(error).__module__, "relation": relation, "frames": rows}
    if getattr(error, "name", None) is not None: row["name"] = error.name
    if getattr(error, "obj", None) is not None: row["obj"] = view(error.obj)
    return row

try:
    runpy.run_path(sys.argv[1] + "/" + sys.argv[2], run_name="__main__")
except Exception as error:
    chain, current, relation = [], error, "raised"
    while current is not None and len(chain) < 8:
        chain.append(raised(current, relation))
        if current.__cause__ is not None: current, relation = current.__cause__, "cause"
        elif current.__context__ is not None and not current.__suppress_context__: current, relation = current.__context__, "context"
        else: current = None
    print("FAILURE" + json.dumps({"target": "t", "pid": 1, "source": "main", "at": 0.0, "exceptions": chain}))
"""


@dataclass(frozen=True)
class Case:
    """A program that fails, and what it prints once it is repaired; `has` must be in the edited files."""

    name: str
    files: dict[str, str]
    prints: str
    has: str = ""
    title: str = ""


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(textwrap.dedent(text).lstrip("\n").encode())


def run(root: Path, entry: str = "main.py", python: str = sys.executable) -> tuple[str, Failure | None]:
    """Run the program in its own interpreter; return what it printed and the failure it ended with, if any."""
    done = subprocess.run([python, "-I", "-S", "-B", "-c", _RUNNER, str(root), entry], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    printed, _, failure = done.stdout.partition("FAILURE")
    return printed, from_builtins(json.loads(failure), Failure) if failure else None


def old_python(failure: Failure) -> Failure:
    """The same failure as CPython 3.9 tells it: no columns, no object, function names without their class."""
    chain = []
    for item in failure.exceptions:
        frames = tuple(replace(frame, column=-1, end_column=-1, end_line=-1, function=frame.function.rsplit(".", 1)[-1]) for frame in item.frames)
        chain.append(replace(item, frames=frames, obj=None, name=None))
    return replace(failure, exceptions=tuple(chain))


def apply(root: Path, proposal: Proposal) -> None:
    for rel, (base, new) in proposal.files.items():
        path = root / rel
        assert path.read_bytes() == base
        path.write_bytes(new)


def fail(root: Path, files: dict[str, str], python: str = sys.executable) -> Failure:
    write(root, files)
    _, failure = run(root, python=python)
    assert failure is not None, "the program did not fail"
    return failure


def check(root: Path, case: Case, rule: str, *, old: bool = False) -> Diagnosis:
    """Fail, diagnose, apply the best proposal, run again: it must print what it should, and only a few lines may differ."""
    failure = fail(root, case.files)
    diagnosis = diagnose(root, old_python(failure) if old else failure)
    assert diagnosis.proposals, diagnosis
    best = diagnosis.proposals[0]
    assert best.rule == rule, diagnosis
    assert 0.3 < best.prior < 0.99
    assert all(len(text) <= 120 for _, text in diagnosis.thoughts)
    apply(root, best)
    printed, again = run(root)
    assert again is None, (again and again.exceptions[0].message, best)
    assert printed == case.prints
    changed = 0
    for base, new in best.files.values():
        old_lines, new_lines = base.split(b"\n"), new.split(b"\n")
        changed += len([line for line in new_lines if line not in old_lines])
        assert [line for line in old_lines if b"# kept" in line and line not in new_lines] == []
    assert changed <= 8
    if case.has:
        assert any(case.has in new.decode() for _, new in best.files.values()), best.files
    if case.title:
        assert case.title in best.title
    return diagnosis


def refuse(root: Path, files: dict[str, str], word: str, *, old: bool = False) -> Diagnosis:
    """Fail and diagnose: nothing may be proposed, and the reason must say why."""
    failure = fail(root, files)
    diagnosis = diagnose(root, old_python(failure) if old else failure)
    assert diagnosis.proposals == (), diagnosis
    assert word in diagnosis.reason, diagnosis.reason
    return diagnosis
