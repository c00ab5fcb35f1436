"""Operators' words on incidents of a real supervisor over a program that really fails in two ways: through the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nexoide.client.requests import IncidentFilter
from nexoide.model.incident import Incident
from tests.support.project import git
from tests.support.supervised import REPOSITORY, Supervised, supervised, wait_for

APP = """import logging
import time

log = logging.getLogger("app")


def divide(number):
    return 1 / number


def look_up(table):
    return table["missing"]


while True:
    for attempt in (lambda: divide(0), lambda: look_up({})):
        try:
            attempt()
        except Exception:
            log.exception("it failed")
    time.sleep(0.2)
"""


@pytest.fixture
def shop(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "app.py").write_text(APP)
    command = json.dumps([sys.executable, "app.py"])
    (root / "nexoide.toml").write_text(f"[targets.app]\ncommand = {command}\noutput = false\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "A shop that fails")
    with supervised(root, runtime) as session:
        session.start()
        wait_for(lambda: len(session.control.status().incidents) == 2, "both failures are incidents")
        yield session


def nexoide(session: Supervised, *words: str, code: int = 0) -> Any:
    """Run a command with --json and return what it printed."""
    env = {**os.environ, "NEXOIDE_RUNTIME_DIR": str(session.runtime), "PYTHONPATH": str(REPOSITORY), "NEXOIDE_OPERATOR": "ada"}
    line = [sys.executable, "-m", "nexoide.cli", *words, "--json", "--workspace", str(session.root)]
    done = subprocess.run(line, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def of_type(session: Supervised, kind: str) -> Incident:
    return next(found for found in session.control.incidents() if found.error_class == kind)


def grew(session: Supervised, name: str, beyond: int) -> bool:
    return next(found.count for found in session.control.incidents() if found.id == name) > beyond


def test_ignored_it_is_counted_on_and_stays_ignored(shop: Supervised) -> None:
    name = of_type(shop, "KeyError").id
    assert nexoide(shop, "incidents", "ignore", name, "--reason", "known")["state"] == "ignored"
    before = shop.control.incident(name).incident
    assert "known" in before.note
    wait_for(lambda: grew(shop, name, before.count), "it is counted on")
    assert shop.control.incident(name).incident.state == "ignored"
    assert nexoide(shop, "incidents", "reopen", name)["state"] == "open"


def test_resolved_by_hand_it_comes_back_with_the_commits_since(shop: Supervised) -> None:
    known = of_type(shop, "ZeroDivisionError")
    (shop.root / "notes.txt").write_text("1\n")
    assert nexoide(shop, "incidents", "ignore", known.id)["state"] == "ignored"  # so that it does not come back before there is a commit
    answer = nexoide(shop, "incidents", "resolve", known.id)
    assert answer["state"] == "resolved"
    back = wait_for(lambda: (found := shop.control.incident(known.id).incident).recurrences and found, "it comes back")
    assert back.state == "open"
    assert back.resolved_commit == git(shop.root, "rev-parse", "HEAD")


def test_merged_they_are_one_and_parted_they_are_two(shop: Supervised) -> None:
    one, other = of_type(shop, "KeyError").id, of_type(shop, "ZeroDivisionError").id
    assert nexoide(shop, "incidents", "merge", other, one)["state"] == "merged"
    merged = shop.control.incident(one)
    assert merged.merged == (other,)
    alone = shop.control.incident(other).incident.count
    wait_for(lambda: grew(shop, one, merged.incident.count + 5), "both count as one")
    assert shop.control.incident(other).incident.count == alone
    assert nexoide(shop, "incidents", "merge", other, one)["sentence"].endswith("already.")
    assert [found["id"] for found in nexoide(shop, "incidents", "list", "--state", "open")["incidents"]] == [one]
    shop.stop()
    shop.start()  # what was merged stays merged
    count = shop.control.incident(one).incident.count
    wait_for(lambda: grew(shop, one, count), "it is counted on after a restart")
    assert [found.id for found in shop.control.incidents(IncidentFilter(states=["open"]))] == [one]
    nexoide(shop, "incidents", "split", one)
    wait_for(lambda: grew(shop, other, alone), "the other counts for itself again")


def test_an_analysis_and_what_cannot_be_done(shop: Supervised) -> None:
    found = nexoide(shop, "analyze", "--since", "1h")
    assert {one["error_class"] for one in found["incidents"]} == {"KeyError", "ZeroDivisionError"}
    assert found["targets"][0]["uptime"] > 0.5
    assert any("app.py" in sentence for sentence in found["sentences"])
    assert nexoide(shop, "incidents", "ignore", "I-99", code=3)["exit_code"] == 3
    name = of_type(shop, "KeyError").id
    assert "itself" in nexoide(shop, "incidents", "merge", name, name, code=4)["error"]
