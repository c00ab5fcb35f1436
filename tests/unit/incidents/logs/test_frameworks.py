"""What real servers and logging libraries wrote (tests/corpus/logs): each failed request and each exception once."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reading import read, told

CORPUS = Path(__file__).resolve().parents[3] / "corpus" / "logs"
SERVED = [("KeyError", "price"), ("503", "GET /busy"), ("429", "GET /limit"), ("KeyError", "price")]
LOGGED = [("KeyError", "price"), ("", "no stock")]
EXPECTED = {
    "uvicorn": SERVED,
    "flask": SERVED,
    "gunicorn": SERVED,
    "django": SERVED,
    "tornado": SERVED,
    "aiohttp": SERVED,
    "celery": [("KeyError", "price")] * 2,
    "richtb": [("KeyError", "price")],
    **dict.fromkeys(("loguru", "loguru_json", "structlog", "structlog_json", "structlog_dict", "pythonjson", "rich"), LOGGED),
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("step", [0, 11])
def test_what_a_framework_writes_is_read_once_and_right(name: str, step: int) -> None:
    found = read((CORPUS / f"{name}.txt").read_bytes(), step=step)
    read_as = [told(failure) if failure.exceptions or failure.status else ("", failure.log_message[:8]) for failure in found]
    assert read_as == EXPECTED[name]
    if EXPECTED[name] == SERVED:
        assert [(failure.route, failure.status) for failure in found if failure.exceptions] == [("GET /orders/{n}", 500)] * 2


def test_every_sample_is_expected() -> None:
    assert {path.stem for path in CORPUS.glob("*.txt")} == set(EXPECTED)
