"""A11: a file made to crash the parser takes at most one worker process with it, never the pool or what owns it."""

from __future__ import annotations

import pytest

from nexoide.errors import InspectionError
from nexoide.model.failure import Failure, Frame, Raised
from nexoide.patches.workers import REPARSE, WorkerPool
from nexoide.repair.service import ENGINE, ProposeRequest, Repairer

BOMBS = {
    "parentheses": "x = " + "(" * 2000 + "1" + ")" * 2000 + "\n",
    "lists": "x = " + "[" * 2000 + "]" * 2000 + "\n",
    "minus": "x = " + "-" * 10_000 + "1\n",
    "attributes": "x = a" + ".b" * 10_000 + "\n",
}


@pytest.fixture
async def pool():
    made = WorkerPool((ENGINE,))
    await made.start()
    yield made
    await made.close()


@pytest.mark.parametrize("name", BOMBS)
async def test_a_crash_or_a_stall_rejects_its_own_job_alone(pool, name):
    bomb = {"function": REPARSE, "request": {"source": BOMBS[name]}}
    with pytest.raises(InspectionError, match=r"parser_crash|parser_timeout"):
        await pool.call(bomb, timeout=1.0)
    assert pool.restarts == 1
    assert (await pool.call({"function": REPARSE, "request": {"source": "a = 1\n"}}))["same"]


async def test_two_thousand_parentheses_crash_the_worker_and_not_the_pool(pool):
    (pid,) = pool.pids
    with pytest.raises(InspectionError, match="parser_crash"):
        await pool.call({"function": REPARSE, "request": {"source": BOMBS["parentheses"]}})
    assert (await pool.call({"function": REPARSE, "request": {"source": "a = 1\n"}}))["same"]
    assert pid not in pool.pids


def failure(root, line: int, source: str) -> Failure:
    frame = Frame(file=str(root / "main.py"), line=line, function="<module>", source=source)
    return Failure(
        target="t", pid=1, source="main", at=0.0, exceptions=(Raised(type="AttributeError", message="'A' object has no attribute 'lenght'", frames=(frame,)),)
    )


@pytest.mark.parametrize("name", BOMBS)
async def test_the_repair_engine_s_gate_stops_it_before_the_parser(pool, name, tmp_path):
    (tmp_path / "main.py").write_text(f"class A:\n    length = 1\n\nprint(A().lenght)\n{BOMBS[name]}")
    diagnosis = await Repairer(pool).diagnose(ProposeRequest(root=tmp_path, failure=failure(tmp_path, 4, "print(A().lenght)")))
    assert diagnosis.proposals == ()
    assert "cannot be read" in diagnosis.reason
    assert pool.restarts == 0


async def test_a_bomb_beside_the_failing_file_does_not_stop_its_repair(pool, tmp_path):
    (tmp_path / "bomb.py").write_text("class A:\n    lenght = 1\n" + BOMBS["parentheses"])
    (tmp_path / "main.py").write_text("class A:\n    length = 1\n\nprint(A().lenght)\n")
    diagnosis = await Repairer(pool).diagnose(ProposeRequest(root=tmp_path, failure=failure(tmp_path, 4, "print(A().lenght)")))
    assert diagnosis.proposals[0].files["main.py"][1].endswith(b"print(A().length)\n")
    assert pool.restarts == 0
