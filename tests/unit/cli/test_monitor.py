"""nexoide monitor --once: failures out of logs, without a workspace."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import HOSTILE, Result

Command = Callable[..., Result]
TRACEBACK = """Traceback (most recent call last):
  File "{file}", line 7, in total
    return int(text)
           ^^^^^^^^^
ValueError: invalid literal for int() with base 10: '{value}'
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "prices.py").write_text("\n" * 6 + "    return int(text)\n")
    (tmp_path / "logs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def traced(path: Path, *values: object, file: str = "/srv/app/shop/prices.py") -> None:
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(TRACEBACK.format(file=file, value=value) for value in values))


def test_one_document_with_everything(nexoide: Command, project: Path):
    traced(project / "logs" / "app.log.1", 1, 2)
    traced(project / "logs" / "app.log", 3, file=f"{project}/shop/prices.py")
    (project / "logs" / "access.log").write_text('10.0.0.1 - - [10/Oct/2024:13:55:36 +0000] "GET /orders/17 HTTP/1.1" 502 17 "-" "curl"\n')
    done = nexoide("monitor", "--logs", "logs", "--once", "--json")
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert (answer["files"], answer["skipped"]) == (3, [])
    assert answer["bytes"] == sum(path.stat().st_size for path in (project / "logs").iterdir())
    (bad,) = [incident for incident in answer["incidents"] if incident["type"] == "ValueError"]
    assert (bad["count"], bad["function"], bad["file"], bad["line"]) == (3, "total", "shop/prices.py", 7)
    assert (bad["class"], bad["severity"], bad["language"]) == ("wrong value", "error", "python")
    where = [(occurrence["origin"], occurrence["line"]) for occurrence in bad["occurrences"]]
    assert where == [("logs/app.log.1", 1), ("logs/app.log.1", 6), ("logs/app.log", 1)]
    assert [occurrence["message"][-2] for occurrence in bad["occurrences"]] == ["1", "2", "3"]
    (gateway,) = [incident for incident in answer["incidents"] if incident["type"] == "HTTP 502"]
    assert (gateway["file"], list(gateway["routes"].values())) == ("", [1])
    wanted = {"type", "function", "file", "line", "class", "severity", "message", "count", "fingerprint", "first_at", "last_at"}
    assert set(bad) == wanted | {"routes", "hosts", "language", "expression", "occurrences"}


def test_a_table_for_people_without_escapes(nexoide: Command, project: Path):
    traced(project / "logs" / "app.log", HOSTILE)
    done = nexoide("monitor", "--logs", "logs/*.log", "--once")
    assert done.code == 0
    assert "\x1b" not in done.out + done.err
    assert "1x" in done.out
    assert "shop/prices.py:7 in total" in done.out
    assert "1 failure of 1 kind in 1 log" in done.err


def test_nothing_found_is_no_error(nexoide: Command, project: Path):
    (project / "logs" / "app.log").write_text("all is well\n0 errors\n")
    done = nexoide("monitor", "--logs", "logs", "--once")
    assert (done.code, done.out) == (0, "No failures.\n")
    assert "no failures in 1 log" in done.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--logs", "nothere.log"], "nothere.log does not exist: --logs names a log"),
        (["--logs", ""], "is no pattern for logs"),
        (["--logs", "logs", "--root", "nothere"], "nothere is not a folder"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(nexoide: Command, project: Path, arguments: list[str], sentence: str):
    done = nexoide("monitor", *arguments, "--once")
    assert done.code != 0
    assert sentence in done.err
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_a_fifo_alone_is_refused_and_beside_others_said(nexoide: Command, project: Path):
    os.mkfifo(project / "pipe")
    done = nexoide("monitor", "--logs", "pipe", "--once", "--json")
    assert done.code != 0
    assert "it is a FIFO" in done.err
    traced(project / "logs" / "app.log", 1)
    done = nexoide("monitor", "--logs", "pipe", "--logs", "logs", "--once", "--json")
    assert done.code == 0
    assert json.loads(done.out)["skipped"] == [{"path": "pipe", "why": "it is a FIFO, and only regular files are read"}]


def test_an_application_log_and_a_copy_of_it_on_stderr_count_once(nexoide: Command, project: Path):
    logger = logging.Logger("shop")  # noqa: LOG001 - one that no other test knows
    for name in ("app.log", "stderr.log"):
        handler = logging.FileHandler(project / "logs" / name)
        handler.setFormatter(logging.Formatter("%(asctime)s [%(process)d] [%(levelname)s] %(name)s: %(message)s"))
        logger.addHandler(handler)
    for value in range(5):
        try:
            int(f"x{value}")
        except ValueError:
            logger.exception("cannot total")
    for handler in logger.handlers:
        handler.close()
    answer = json.loads(nexoide("monitor", "--logs", "logs", "--once", "--json").out)
    (bad,) = answer["incidents"]
    assert bad["count"] == 5
    assert answer["files"] == 2


def test_the_root_is_what_files_are_relative_to(nexoide: Command, project: Path, monkeypatch: pytest.MonkeyPatch):
    traced(project / "logs" / "app.log", 1, file=f"{project}/shop/prices.py")
    monkeypatch.chdir("/")
    for options, file in (([], f"{project}/shop/prices.py"), (["--root", str(project)], "shop/prices.py")):
        answer = json.loads(nexoide("monitor", "--logs", str(project / "logs"), "--once", "--json", *options).out)
        assert [incident["file"] for incident in answer["incidents"]] == [file]
