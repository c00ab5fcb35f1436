"""What git knows, of a program that really fails under a real supervisor: its source as it ran, who wrote the line, what came since."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.model.commands import IncidentCommand
from nexoide.model.incident import Incident
from tests.support.project import git
from tests.support.supervised import Supervised, supervised, wait_for

APP = """import logging
import pathlib
import time

log = logging.getLogger("app")


def price(order):
    return order["total"] / order["count"]


while True:
    if pathlib.Path("fail").exists():
        try:
            price({"total": 3, "count": 0})
        except Exception:
            log.exception("it failed")
    time.sleep(0.05)
"""
LINE = '    return order["total"] / order["count"]'


@pytest.fixture
def shop(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "app.py").write_text(APP)
    command = json.dumps([sys.executable, "app.py"])
    (root / "nexoide.toml").write_text(f"[targets.app]\ncommand = {command}\noutput = false\n")
    (root / ".gitignore").write_text("fail\n.nexoide/\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "A shop that divides")
    with supervised(root, runtime) as session:
        session.start()
        wait_for(lambda: all(target.state == "attached" for target in session.control.status().targets), "the program is attached")
        yield session


def only(session: Supervised) -> Incident | None:
    return next(iter(session.control.incidents()), None)


def examined(session: Supervised, commit: str) -> Incident | None:
    found = only(session)
    return found if found is not None and found.examination is not None and found.examination.commit == commit else None


def test_an_incident_is_examined_when_it_opens_and_again_when_it_comes_back(shop: Supervised) -> None:
    first = git(shop.root, "rev-parse", "HEAD")
    (shop.root / "fail").touch()
    found = wait_for(lambda: examined(shop, first), "the incident is examined")
    view = found.examination.sources[0]
    assert (view.path, view.line, view.commit, view.lines[view.line - view.first_line]) == ("app.py", 9, first, LINE)
    assert (found.examination.introduced.id, found.examination.introduced.subject) == (first, "A shop that divides")
    assert [commit.id for commit in found.examination.recent] == [first]

    (shop.root / "fail").unlink()
    shop.control.incident_action(found.id, IncidentCommand(action="resolve", operator="ada"))
    assert only(shop).resolved_commit == first
    (shop.root / "README").write_text("A shop.\n")
    git(shop.root, "add", "README")
    git(shop.root, "commit", "-q", "-m", "Say what it is")
    other = git(shop.root, "rev-parse", "HEAD")
    (shop.root / "app.py").write_text("# This shop divides.\n" + APP)  # not taken over by what runs
    git(shop.root, "commit", "-q", "-a", "-m", "Explain it")
    last = git(shop.root, "rev-parse", "HEAD")
    (shop.root / "fail").touch()
    back = wait_for(lambda: examined(shop, last), "it came back and is examined again")
    assert (back.state, back.recurrences, [commit.id for commit in back.since]) == ("open", 1, [last, other])
    view = back.examination.sources[0]
    assert (view.commit, view.line, view.lines[view.line - view.first_line]) == (first, 9, LINE)
    assert f"run as of {first[:10]}" in back.examination.note
    assert back.examination.introduced.id == first
