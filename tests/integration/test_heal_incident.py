"""`nexoide heal --incident` beside a running supervisor: what the medic found, and a second look where it had found nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nexoide.model.patch import Patch
from tests.support.project import git
from tests.support.supervised import REPOSITORY, Supervised, supervised, wait_for

APP = """import logging
import time

log = logging.getLogger("app")


class Item:
    def __init__(self):
        self.length = 3


def measure(item):
    return item.lenght


def refuse(order):
    raise RuntimeError("this order is refused on purpose")


while True:
    for attempt in (lambda: measure(Item()), lambda: refuse(1)):
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


def heal(session: Supervised, incident: str, code: int, *words: str) -> Any:
    argv = [sys.executable, "-m", "nexoide.cli", "heal", "--incident", incident, "--workspace", str(session.root), *words]
    done = subprocess.run(argv, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if "--json" in words else done.stdout


def named(session: Supervised, kind: str) -> str:
    return next(item.id for item in session.control.status().incidents if item.error_class == kind)


def waiting(session: Supervised, incident: str) -> Patch | None:
    return next((patch for patch in session.control.status().patches if patch.incident == incident and patch.state == "waiting"), None)


def test_a_patch_that_waits_is_shown_with_its_evidence_and_diff(shop: Supervised) -> None:
    incident = named(shop, "AttributeError")
    patch = wait_for(lambda: waiting(shop, incident), "a patch waits")
    found = heal(shop, incident, 0, "--json")
    assert found["status"] == "fixed"
    assert found["where"] == "app.py:13, in measure"
    assert [item["id"] for item in found["patches"]] == [patch.id]
    assert found["patches"][0]["confidence"] == patch.confidence
    assert any(row["kind"] == "inspection" for row in found["patches"][0]["evidence"])
    assert "+    return item.length" in found["patches"][0]["diff"]
    assert any(item["step"] == "saw" for item in found["thoughts"])
    told = heal(shop, incident, 0)
    assert f"patches approve {patch.id}" in told
    assert "+    return item.length" in told
    assert heal(shop, incident, 0, "--json")["patches"] == found["patches"], "looking changes nothing"


def test_where_nothing_was_found_it_is_looked_at_again_and_said_why(shop: Supervised) -> None:
    incident = named(shop, "RuntimeError")
    wait_for(lambda: next((item for item in shop.control.status().incidents if item.id == incident and item.note), None), "it was said why nothing is proposed")
    before = shop.control.status().events
    found = heal(shop, incident, 1, "--json")
    assert found["patches"] == []
    assert found["said"].startswith("no patch: ")
    assert found["thoughts"], "it thought about it again"
    kinds = [event.kind for event in shop.control.journal(before)]
    assert "incident.moved" in kinds


def test_what_is_not_open_is_not_looked_at_again(shop: Supervised) -> None:
    incident = named(shop, "RuntimeError")
    argv = [sys.executable, "-m", "nexoide.cli", "incidents", "ignore", incident, "--workspace", str(shop.root)]
    subprocess.run(argv, check=True, capture_output=True)
    before = shop.control.status().events
    assert "ignored" in heal(shop, incident, 1)
    assert not [event for event in shop.control.journal(before) if event.actor.startswith("operator:")]


def test_an_incident_that_is_not_there_is_said(shop: Supervised) -> None:
    argv = [sys.executable, "-m", "nexoide.cli", "heal", "--incident", "I-99", "--workspace", str(shop.root)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "I-99" in done.stderr
