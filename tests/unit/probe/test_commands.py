"""The supervisor's commands over the real wire: prepared and committed apart, explained, and what is no command of ours."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.probe.peer import Bench, Program

ORDERS = "LIMIT = 3\n\n\ndef total(number):\n    return number + LIMIT\n"
NEW = ORDERS.replace("number + LIMIT", "number * 100")
MAIN = "import orders\nfrom orders import total\n"
_ids = iter(range(1000, 2000))


def ask(bench: Bench, kind: str, number: int = 0, **fields: Any) -> dict[str, Any]:
    number = number or next(_ids)
    seen = len(bench.peer.messages)
    bench.peer.send({"t": kind, "id": number, **fields})
    return bench.peer.wait(lambda message: bench.peer.messages.index(message) >= seen and message["t"] in {"reply", "modules"} and message["id"] == number)[0]


def files(path: Path, base: str | None = ORDERS, new: str | None = NEW) -> list[dict[str, Any]]:
    return [{"path": str(path), "base": base, "new": new}]


@pytest.fixture
def shop(bench: Bench, request: pytest.FixtureRequest) -> tuple[Path, Program]:
    path = bench.write("orders.py", ORDERS)
    program = bench.serve(MAIN, request.getfixturevalue("edge"))
    assert program.ask("total(1)") == 4
    return path, program


def test_prepare_touches_nothing_and_commit_takes_it_over(bench: Bench, edge: str, shop: tuple[Path, Program]) -> None:
    path, program = shop
    prepared = ask(bench, "prepare", 7, files=files(path), when="auto", bound=1)
    assert (prepared["ok"], prepared["state"]) == (True, "prepared"), prepared
    assert program.ask("total(1)") == 4
    committed = ask(bench, "commit", 7, watch=None)
    assert (committed["ok"], committed["state"]) == (True, "committed"), committed
    assert program.ask("total(1)") == 100
    done = [item for item in committed["definitions"] if item["action"] == "replaced"]
    assert [(item["module"], item["name"], item["kind"], item["file"]) for item in done] == [("orders", "total", "function", str(path))]
    assert committed["generation"] > 0
    assert isinstance(committed["blockers"], list)


def test_what_was_aborted_or_prepared_over_cannot_be_committed(bench: Bench, edge: str, shop: tuple[Path, Program]) -> None:
    path, program = shop
    ask(bench, "prepare", 7, files=files(path))
    assert ask(bench, "abort", 7)["state"] == "aborted"
    refused = ask(bench, "commit", 7, watch=None)
    assert not refused["ok"]
    assert "Nothing is prepared under 7" in refused["error"]
    ask(bench, "prepare", 8, files=files(path))
    ask(bench, "prepare", 9, files=files(path))
    assert not ask(bench, "commit", 8, watch=None)["ok"]
    assert program.ask("total(1)") == 4
    assert ask(bench, "commit", 9, watch=None)["ok"]
    assert program.ask("total(1)") == 100


def test_explain_says_each_definition_and_changes_nothing(bench: Bench, edge: str, shop: tuple[Path, Program]) -> None:
    path, program = shop
    said = ask(bench, "explain", files=files(path, new=NEW + "\n\ndef added():\n    return 1\n"))
    assert (said["ok"], said["state"]) == (True, "prepared"), said
    assert {(item["name"], item["action"]) for item in said["definitions"]} >= {("total", "replaced"), ("added", "added")}
    assert program.ask("(total(1), hasattr(orders, 'added'))") == (4, False)
    broken = ask(bench, "explain", files=files(path, new="def broken(:\n"))
    assert not broken["ok"]
    assert "orders.py" in broken["error"]


def test_the_text_that_truly_runs_counts_not_what_the_message_takes_it_for(bench: Bench, edge: str, shop: tuple[Path, Program]) -> None:
    path, program = shop
    assert ask(bench, "reload", files=files(path, base=None), dry_run=False, watch=None)["ok"]
    assert program.ask("total(1)") == 100
    again = ask(bench, "reload", files=files(path, base="something else\n"), dry_run=False, watch=None)
    assert (again["ok"], again["state"]) == (True, "already"), again


def test_modules_say_their_hash_and_generation(bench: Bench, edge: str, shop: tuple[Path, Program]) -> None:
    path, _ = shop
    (before,) = ask(bench, "modules", paths=[str(path)])["modules"]
    assert before == {"module": "orders", "path": str(path), "sha256": hashlib.sha256(ORDERS.encode()).hexdigest(), "generation": 0}
    ask(bench, "reload", files=files(path), dry_run=False, watch=None)
    (after,) = ask(bench, "modules", paths=[str(path)])["modules"]
    assert after["sha256"] == hashlib.sha256(NEW.encode()).hexdigest()
    assert after["generation"] > 0
    assert {item["module"] for item in ask(bench, "modules", paths=[])["modules"]} >= {"orders", "__main__"}


def test_two_hundred_files_are_one_transaction(bench: Bench) -> None:
    paths = [bench.write(f"many/m{number}.py", f"def f():\n    return {number}\n") for number in range(200)]
    bench.write("many/__init__.py", "")
    program = bench.serve("import importlib\nmany = [importlib.import_module(f'many.m{n}') for n in range(200)]\n")
    assert program.ask("sum(m.f() for m in many)") == sum(range(200))
    wanted = [{"path": str(path), "base": path.read_text(), "new": path.read_text().replace("return ", "return 1000 + ")} for path in paths]
    reply = ask(bench, "reload", files=wanted, dry_run=False, watch=None)
    assert (reply["ok"], reply["state"]) == (True, "committed"), reply["error"]
    assert program.ask("sum(m.f() for m in many)") == sum(range(200)) + 200_000


def test_changed_runs_the_callbacks_of_the_program(bench: Bench, edge: str) -> None:
    text = "import nexoide.probe\ntold = []\nnexoide.probe.on_reload(lambda report: told.extend(report.files), paths=['config/*.toml'])\n"
    program = bench.serve(text, edge)
    assert program.ask("told") == []
    reply = ask(bench, "changed", paths=[{"path": str(bench.folder / "config" / "a.toml"), "sha256": "0" * 64}])
    assert reply["ok"], reply
    assert program.ask("told") == [str(bench.folder / "config" / "a.toml")]


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("prepare", {"files": []}, "files must be a list"),
        ("prepare", {"files": [{"path": "a.py", "base": "", "new": ""}]}, "absolute"),
        ("prepare", {"files": [{"path": "/a.py", "base": 1, "new": ""}]}, "strings or null"),
        ("prepare", {"files": [{"path": "/a.py", "base": "", "new": ""}] * 2}, "named twice"),
        ("prepare", {"files": [{"path": "/a.py", "base": "", "new": ""}], "when": "soon"}, "when must be one of"),
        ("prepare", {"files": [{"path": "/a.py", "base": "", "new": ""}], "bound": 1e9}, "bound must be"),
        ("commit", {"watch": {"id": 1}}, "watch must have"),
        ("explain", {"files": [{"path": "/a.py", "base": "", "new": ""}], "extra": 1}, "no other fields"),
        ("modules", {"paths": "x"}, "paths must be"),
        ("changed", {"paths": [{"path": "/a"}]}, "path and sha256"),
    ],
)
def test_what_is_no_command_of_ours_is_answered_with_a_sentence(bench: Bench, kind: str, fields: dict[str, Any], words: str) -> None:
    bench.serve("x = 1\n")
    reply = ask(bench, kind, **fields)
    assert not reply["ok"]
    assert words in reply["error"]


def test_what_is_prepared_is_forgotten_after_its_time() -> None:
    from nexoide.probe import commands

    class Transaction:
        aborted = False

        def abort(self) -> None:
            self.aborted = True

    early, late = Transaction(), Transaction()
    now = time.monotonic()
    commands._kept.update({1: (now - 1, early), 2: (now + 20, late)})  # type: ignore[dict-item]
    try:
        wanted = commands.tick(lambda message: True)
        assert (early.aborted, late.aborted) == (True, False)
        assert wanted is not None
        assert 0 < wanted <= 20
    finally:
        commands._kept.clear()


def test_an_answer_too_long_for_a_frame_is_cut_counted_and_said() -> None:
    from nexoide.probe.messages import fitted, refusal
    from nexoide.probe.wire import MAX_OUT, dumps

    definitions = [{"module": "m" * 100, "name": f"f{number}", "reason": "r" * 200} for number in range(20_000)]
    answer = fitted({**refusal(""), "ok": True, "definitions": definitions})
    assert len(dumps(answer)) < MAX_OUT
    assert 0 < len(answer["definitions"]) < 20_000
    assert answer["notes"] == [f"{20_000 - len(answer['definitions'])} more definitions are not listed."]
