"""A supervisor with a model beside the rules: asked where they have nothing sure, once, and its patch goes the way of all patches."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nexoide.model import event as e
from nexoide.model.patch import Patch
from tests.support.chat_server import Answer, ChatServer, chat_server
from tests.support.project import read_state
from tests.support.supervised import Supervised, supervised, wait_for

TILL = '''\
"""Counts a till."""


class MismatchError(Exception):
    """What was counted is not what was booked."""


def counted(coins):
    return sum(value * number for value, number in coins[1:])


def close(coins, booked):
    found = counted(coins)
    if found != booked:
        raise MismatchError(f"{found} counted, {booked} booked")
    return found
'''
APP = """\
import logging, pathlib, time

import till

done = 0
while True:
    try:
        till.close([(1, 3), (2, 5)], 13)
        done += 1
    except till.MismatchError:
        logging.exception("not closed")
    pathlib.Path("state.txt").write_text(f"1 {done} 0")
    time.sleep(0.05)
"""
RIGHT = """\
till.py
<<<<<<< SEARCH
    return sum(value * number for value, number in coins[1:])
=======
    return sum(value * number for value, number in coins)
>>>>>>> REPLACE

WHY: the first coin was left out.
"""
WRONG = RIGHT.replace("in coins)", "in coins[2:])")


def make(root: Path, server: ChatServer, files: dict[str, str], key: str) -> None:
    root.mkdir()
    for name, text in files.items():
        (root / name).write_text(text)
    (root / "nexoide.toml").write_text(
        f"[targets.till]\ncommand = {json.dumps([sys.executable, 'app.py'])}\nreload = true\n"
        f'[model]\nname = "openai/gpt-4o-mini"\napi_base = "{server.base}"\nkey_env = "{key}"\ntimeout = 20\n'
    )


@contextmanager
def running(tmp_path: Path, runtime: Path, *script: Answer, key: str = "", files: dict[str, str] | None = None) -> Iterator[tuple[Supervised, ChatServer]]:
    with chat_server(*script) as server:
        make(tmp_path / "till", server, files or {"till.py": TILL, "app.py": APP}, key)
        with supervised(tmp_path / "till", runtime) as session:
            session.start()
            yield session, server


def thoughts(session: Supervised) -> list[str]:
    return [event.body.thought.text for event in session.control.journal(limit=1000) if isinstance(event.body, e.ThoughtSpoken)]


def said(session: Supervised, word: str, seconds: float = 60.0) -> str:
    return wait_for(lambda: next((text for text in thoughts(session) if word in text), None), f"a thought with {word!r}", seconds)


def of_model(session: Supervised) -> Patch | None:
    return next((patch for patch in session.control.status().patches if patch.rule == "model"), None)


def test_where_the_rules_have_nothing_the_model_is_asked_and_its_patch_heals(tmp_path: Path, runtime: Path) -> None:
    with running(tmp_path, runtime, Answer(text=RIGHT, usage=(1500, 60))) as (session, server):
        patch = session.patch("waiting", seconds=90)
        assert (patch.rule, patch.author) == ("model", "medic")
        assert "first coin" not in json.dumps([patch.title, patch.rationale, patch.cautions, patch.alternatives, patch.unchecked])
        assert patch.confidence is not None
        assert patch.confidence < 0.85
        assert len(server.asked) == 1
        assert "MismatchError: 10 counted, 13 booked" in server.question()
        said(session, "1,500 tokens in, 60 out")
        said(session, "the model says: “the first coin was left out.”")
        spent = [json.loads(line) for line in (session.workspace.state / "models.jsonl").read_text().splitlines()]
        assert [(row["input_tokens"], row["output_tokens"]) for row in spent] == [(1500, 60)]
        session.decide(patch, "approve")
        assert session.patch("live").id == patch.id
        wait_for(lambda: read_counts(session) > 0, "the till is closed")
        assert "coins)" in (session.root / "till.py").read_text()


def test_a_patch_of_the_model_that_does_not_hold_is_turned_down(tmp_path: Path, runtime: Path) -> None:
    with running(tmp_path, runtime, Answer(text=WRONG)) as (session, server):
        patch = session.patch("invalid", seconds=90)
        assert patch.rule == "model"
        time.sleep(1)
        assert len(server.asked) == 1
        assert (session.root / "till.py").read_text() == TILL


def test_a_refused_key_is_told_and_nothing_else_happens(tmp_path: Path, runtime: Path) -> None:
    os.environ["TILL_KEY"] = "sk-till-0123456789abcdefghij"
    try:
        with running(tmp_path, runtime, Answer(status=401, text="bad key sk-till-0123456789abcdefghij"), key="TILL_KEY") as (session, server):
            assert "TILL_KEY" in said(session, "refuses the key")
            assert of_model(session) is None
            assert server.headers[0]["Authorization"] == "Bearer sk-till-0123456789abcdefghij"
            stored = b"".join(path.read_bytes() for path in session.workspace.state.rglob("*") if path.is_file() and path.suffix != ".pyc")
            assert b"sk-till-0123456789abcdefghij" not in stored
    finally:
        del os.environ["TILL_KEY"]


AVERAGE = """\
def average(values):
    return sum(values) / len(values)


def per_day(days):
    return [average(values) for values in days if values is not None]
"""
AVERAGES = """\
import logging, pathlib, time

import averages

done = 0
while True:
    try:
        averages.per_day([[1, 2], [], None])
        done += 1
    except ZeroDivisionError:
        logging.exception("no average")
    pathlib.Path("state.txt").write_text(f"1 {done} 0")
    time.sleep(0.05)
"""
SKIPPED = """\
averages.py
<<<<<<< SEARCH
    return [average(values) for values in days if values is not None]
=======
    return [average(values) for values in days if values]
>>>>>>> REPLACE
WHY: days without values have no average.
"""


def test_beside_a_weak_patch_of_a_rule_the_model_is_asked_and_one_patch_waits(tmp_path: Path, runtime: Path) -> None:
    with running(tmp_path, runtime, Answer(text=SKIPPED), files={"averages.py": AVERAGE, "app.py": AVERAGES}) as (session, server):
        first = session.patch("waiting", seconds=90)
        assert first.rule != "model"
        assert first.confidence is not None
        assert first.confidence < 0.85
        patch = wait_for(lambda: of_model(session), "the model's patch")
        wait_for(lambda: of_model(session).state != "proposed" and len(waiting(session)) == 1, "one patch waits")  # type: ignore[union-attr]
        time.sleep(1)
        (left,) = waiting(session)
        other = next(item for item in session.control.status().patches if item.id in {first.id, patch.id} - {left.id})
        if other.state == "stale":
            assert other.reason.startswith(f"{left.id} holds better")
            assert (left.confidence or 0) >= (other.confidence or 0)
        else:
            assert other.state == "invalid"
        assert len(server.asked) == 1
        assert first.title in server.question()
        assert session.decide(left, "approve") in ("approved", "live")


def waiting(session: Supervised) -> list[Patch]:
    return [patch for patch in session.control.status().patches if patch.state == "waiting"]


def read_counts(session: Supervised) -> int:
    path = session.root / "state.txt"
    return read_state(path)[1] if path.exists() and path.read_text() else 0
