"""`nexoide heal --model`: a plain folder, no workspace; the model is asked only where the rules are not sure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.integration.test_model_proposer import RIGHT, TILL, WRONG
from tests.support.chat_server import Answer, ChatServer, chat_server

APP = "from till import close\n\nprint(close([(1, 3), (2, 5)], 13))\n"


def heal(root: Path, *options: str, **environment: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "nexoide.cli", "heal", "--command", "python app.py", "--path", str(root), "--json", *options]
    env = {name: value for name, value in os.environ.items() if not name.startswith("NEXOIDE_")} | environment
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=110, check=False)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def with_model(server: ChatServer) -> tuple[str, ...]:
    return ("--model", "openai/gpt-4o-mini", "--model-base", server.base)


def make(root: Path) -> Path:
    (root / "till.py").write_text(TILL)
    (root / "app.py").write_text(APP)
    return root


def test_the_model_repairs_what_no_rule_knows(tmp_path: Path) -> None:
    with chat_server(Answer(text=RIGHT, usage=(900, 40))) as server:
        found = heal(make(tmp_path), *with_model(server))
        assert len(server.asked) == 1
    assert found["status"] == "fixed"
    best = found["patches"][0]
    assert best["rule"] == "model"
    assert "+    return sum(value * number for value, number in coins)" in best["diff"]
    assert best["confidence"] < 0.85
    assert "first coin" not in json.dumps(best)
    assert "900 tokens in, 40 out" in json.dumps(found)
    assert (tmp_path / "till.py").read_text() == TILL


def test_its_wrong_answers_fix_nothing_and_its_settings_come_from_the_environment(tmp_path: Path) -> None:
    with chat_server(Answer(text=WRONG)) as server:
        found = heal(make(tmp_path), NEXOIDE_MODEL__NAME="x", NEXOIDE_MODEL__API_BASE=server.base)
        assert len(server.asked) == 1
    assert found["status"] in ("not_fixed", "no_patch")
    assert all(patch["confidence"] < 0.1 for patch in found["patches"])


def test_it_is_not_asked_where_a_rule_is_sure_or_says_that_no_patch_is_right(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import os\n\nprint(os.environ['SHOP_API_KEY'])\n")
    with chat_server(Answer(text=RIGHT)) as server:
        found = heal(tmp_path, *with_model(server))
        assert server.asked == []
    assert found["status"] == "no_patch"


def test_a_place_without_a_model_is_a_mistake(tmp_path: Path) -> None:
    found = heal(make(tmp_path), "--model-base", "http://127.0.0.1:1/v1")
    assert found["status"] == "error"
    assert "--model NAME" in found["error"]
