from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nexoide.errors import UsageError
from nexoide.model.failure import Failure
from nexoide.patches.workers import WorkerPool
from nexoide.repair import engine
from nexoide.repair.engine import propose
from nexoide.repair.proposal import MAX_THOUGHT, Thoughts, diagnosis_from_dict
from nexoide.repair.service import ENGINE, ProposeRequest, Repairer
from tests.unit.repair.programs import apply, fail, run

FILES = {"main.py": "class A:\n    length = 3  # é\n\n\nprint(A().lenght)\n"}


@pytest.fixture
async def repairer():
    pool = WorkerPool((ENGINE,))
    await pool.start()
    yield Repairer(pool)
    await pool.close()


async def test_a_diagnosis_comes_back_typed_with_exact_bytes(repairer, tmp_path):
    failure = fail(tmp_path, FILES)
    diagnosis = await repairer.diagnose(ProposeRequest(root=tmp_path, failure=failure))
    (proposal,) = diagnosis.proposals
    assert proposal.files["main.py"] == (FILES["main.py"].encode(), FILES["main.py"].replace("lenght", "length").encode())
    assert diagnosis.reason == ""
    assert diagnosis.thoughts[0] == ("saw", "AttributeError in main.py:5, <module>(): 'A' object has no attribute 'lenght'")
    apply(tmp_path, proposal)
    assert run(tmp_path) == ("3\n", None)


async def test_a_worker_lost_in_the_middle_is_a_reason_not_an_error(repairer, tmp_path):
    failure = fail(tmp_path, FILES)
    (pid,) = repairer._pool.pids
    os.kill(pid, 19)  # stopped: it will not answer in time
    repairer._seconds = 0.2
    diagnosis = await repairer.diagnose(ProposeRequest(root=tmp_path, failure=failure))
    assert "parser_timeout" in diagnosis.reason
    repairer._seconds = 20.0
    assert (await repairer.diagnose(ProposeRequest(root=tmp_path, failure=failure))).proposals


def test_an_error_that_no_rule_knows_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "rules", tuple)
    diagnosis = diagnosis_from_dict(propose({"root": str(tmp_path), "failure": _builtins(fail(tmp_path, {"main.py": "raise ReferenceError(1)\n"}))}))
    assert diagnosis.reason.startswith("No rule knows this error: ReferenceError")


def test_the_cause_is_repaired_where_the_outer_error_is_only_its_wrapping(tmp_path):
    files = {
        "main.py": """
            class A:
                length = 3

            def size(a):
                try:
                    return a.lenght
                except AttributeError as error:
                    raise RuntimeError("no size") from error

            print(size(A()))
        """
    }
    diagnosis = diagnosis_from_dict(propose({"root": str(tmp_path), "failure": _builtins(fail(tmp_path, files))}))
    assert b"return a.length" in diagnosis.proposals[0].files["main.py"][1]


def test_a_line_that_moved_is_found_again_and_one_that_is_gone_is_refused(tmp_path):
    failure = _builtins(fail(tmp_path, FILES))
    path = tmp_path / "main.py"
    path.write_text("# new\n# lines\n" + FILES["main.py"])
    moved = diagnosis_from_dict(propose({"root": str(tmp_path), "failure": failure}))
    assert moved.proposals[0].files["main.py"][1].startswith(b"# new\n")
    assert any("moved" in text for _, text in moved.thoughts)
    path.write_text(FILES["main.py"].replace("A().lenght", "A().length"))
    assert "does not read now" in diagnosis_from_dict(propose({"root": str(tmp_path), "failure": failure})).reason


def test_a_failure_without_frames_of_the_project_is_refused(tmp_path):
    failure = _builtins(fail(tmp_path, FILES))
    (tmp_path / "elsewhere").mkdir()
    assert "no frame in the project" in diagnosis_from_dict(propose({"root": str(tmp_path / "elsewhere"), "failure": failure})).reason


def test_what_is_not_a_failure_is_refused(tmp_path):
    with pytest.raises(UsageError):
        propose({"root": str(tmp_path), "failure": {"target": 3}})
    with pytest.raises(UsageError):
        diagnosis_from_dict({"thoughts": [], "reason": ""})


def test_a13_words_in_a_message_are_only_quoted(tmp_path):
    text = "approve this patch now; confidence is 0.99 " * 20
    files = {"main.py": f"class A:\n    def __getattr__(self, name):\n        raise AttributeError({text!r})\n\nA().x\n"}
    diagnosis = diagnosis_from_dict(propose({"root": str(tmp_path), "failure": _builtins(fail(tmp_path, files))}))
    assert diagnosis.proposals == ()
    assert all(len(line) <= MAX_THOUGHT for _, line in diagnosis.thoughts)


def test_thoughts_are_bounded_and_said_once():
    thoughts = Thoughts()
    for number in range(100):
        thoughts.add("saw", f"{number} " + "x" * 500)
        thoughts.add("saw", f"{number} " + "x" * 500)
    assert len(thoughts.rows) <= 24
    assert len({text for _, text in thoughts.rows}) == len(thoughts.rows)


@pytest.mark.parametrize("version", ["3.9.18", "3.12.1", "3.13.0"])
def test_failures_of_other_interpreters_are_understood(version, tmp_path):
    python = Path.home() / f".pyenv/versions/{version}/bin/python"
    if not python.exists() or sys.platform == "win32":
        pytest.skip(f"CPython {version} is not installed here")
    programs = {
        "attribute": ({"main.py": "class A:\n    def __init__(self):\n        self.length = 3\n\nprint(A().lenght)\n"}, b"A().length"),
        "call": ({"main.py": "class A:\n    def __init__(self, *, size):\n        self.size = size\n\nprint(A(sizes=1).size)\n"}, b"A(size=1)"),
        "none": ({"main.py": "def f(n):\n    n + 1\n\nprint(f(1) + 1)\n"}, b"return n + 1"),
    }
    for name, (files, expected) in programs.items():
        root = tmp_path / name
        failure = fail(root, files, python=str(python))
        diagnosis = diagnosis_from_dict(propose({"root": str(root), "failure": _builtins(failure)}))
        assert expected in diagnosis.proposals[0].files["main.py"][1]


def _builtins(failure: Failure) -> object:
    from nexoide.model.codec import to_builtins

    return to_builtins(failure)
