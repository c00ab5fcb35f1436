"""Failures as plain JSON: what is taken, what is refused and in which words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nexoide.errors import UsageError
from nexoide.incidents.posted import BadItemError, Batch, read

NOW = 1_750_000_000.0
TRACEBACK = """Traceback (most recent call last):
  File "/srv/shop/app.py", line 9, in checkout
    total(order)
  File "/srv/shop/orders.py", line 3, in total
    return order["price"]
           ~~~~~^^^^^^^^^
KeyError: 'price'
"""


def posted(value: Any) -> Batch:
    return read(json.dumps(value).encode(), lines=False, now=NOW)


def one(**fields: Any) -> Any:
    (item,) = posted(fields).items
    return item.failure


def test_everything_that_may_be_said() -> None:
    frames = [
        {"file": "/srv/app.py", "line": 9, "function": "checkout", "source": "total(order)"},
        {"file": "/srv/orders.py", "line": 3, "function": "total", "in_app": True, "column": 4},
    ]
    whole = {"type": "shop.OrderError", "message": "no price", "frames": frames, "target": "web", "severity": "critical", "route": "post /orders/17?x=1"}
    whole |= {"status": 500, "time": "2026-01-02T03:04:05Z", "host": "box-7", "pid": 17, "thread": "worker", "logger": "shop", "release": "1.2", "count": 3}
    (item,) = posted(whole).items
    failure = item.failure
    assert (item.count, failure.source, failure.target, failure.severity, failure.status) == (3, "posted", "web", "critical", 500)
    assert (failure.route, failure.at, failure.host, failure.pid, failure.thread) == ("POST /orders/{n}", 1767323045.0, "box-7", 17, "worker")
    assert (failure.logger, failure.release, failure.log_message, failure.language) == ("shop", "1.2", "", "python")
    (raised,) = failure.exceptions
    assert (raised.module, raised.type, raised.message) == ("shop", "OrderError", "no price")
    assert [(frame.file, frame.line, frame.function, frame.column, frame.in_app) for frame in raised.frames] == [
        ("/srv/app.py", 9, "checkout", -1, None),
        ("/srv/orders.py", 3, "total", 4, True),
    ]


def test_a_traceback_says_it_all() -> None:
    failure = one(traceback=TRACEBACK)
    (raised,) = failure.exceptions
    assert (raised.type, raised.message, [frame.function for frame in raised.frames]) == ("KeyError", "'price'", ["checkout", "total"])
    assert (failure.at, failure.log_message, failure.text) == (NOW, "", "")
    assert one(traceback=TRACEBACK.splitlines()) == failure
    assert one(traceback=TRACEBACK, message="order 7 failed").log_message == "order 7 failed"
    assert one(traceback=TRACEBACK, type="KeyError", message="'price'") == failure


def test_a_text_that_is_no_traceback_is_kept() -> None:
    failure = one(type="Oops", message="it broke", traceback="somewhere in the cellar, token=hunter2hunter2")
    assert (failure.exceptions[0].type, failure.exceptions[0].message) == ("Oops", "it broke")
    assert failure.text.startswith("somewhere in the cellar")
    assert "hunter2" not in str(failure)


def test_a_message_alone_is_a_failure_without_an_exception() -> None:
    failure = one(message="disk is full", logger="backup", language="Go")
    assert (failure.exceptions, failure.log_message, failure.logger, failure.language) == ((), "disk is full", "backup", "go")


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({}, "'type', 'message' or 'traceback' must be there"),
        ({"type": ""}, "'type', 'message' or 'traceback' must be there"),
        ({"kind": "x"}, "'type', 'message' or 'traceback' must be there"),
        ({"type": 7}, "'type' is 7: it must be a text."),
        ({"type": "X", "traceback": {"a": 1}}, "'traceback' is an object: it must be a text."),
        ({"type": "X", "severity": "bad"}, "'severity' is 'bad': it must be warning, error or critical."),
        ({"type": "X", "status": 900}, "'status' is 900: it must be a whole number from 0 to 599."),
        ({"type": "X", "count": 0}, "'count' is 0: it must be a whole number from 1 to"),
        ({"type": "X", "count": True}, "'count' is true"),
        ({"type": "X", "pid": -1}, "'pid' is -1"),
        ({"type": "X", "frames": "no"}, "'frames' is a text: it must be a list of objects"),
        ({"type": "X", "frames": [{"line": []}]}, "frames: 'line' is a list: it must be a whole number"),
        ([], "The body says no failure"),
        ([7], "it is no JSON object"),
        ("text", "it is no JSON object"),
    ],
)
def test_what_is_refused_says_why(item: Any, words: str) -> None:
    with pytest.raises(BadItemError) as caught:
        posted(item)
    assert words in caught.value.sentence
    assert caught.value.http_status == 422
    assert "\n" not in caught.value.sentence


def test_the_good_items_of_a_list_are_taken() -> None:
    batch = posted([{"type": "A"}, {"type": 5}, {"message": "b"}, None])
    assert [item.failure.exceptions[0].type if item.failure.exceptions else item.failure.log_message for item in batch.items] == ["A", "b"]
    assert batch.refused[1].startswith("item 1: 'type' is 5")
    assert batch.refused[3].startswith("item 3: it is no JSON object")


def test_lines_of_json() -> None:
    batch = read(b'{"type":"A"}\r\n\r\n{"type":\n{"type":"B","count":2}', lines=True, now=NOW)
    assert [(item.failure.exceptions[0].type, item.count) for item in batch.items] == [("A", 1), ("B", 2)]
    assert list(batch.refused) == [1]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"type":"X"} trailing', json.dumps([{"type": "X"}] * 1001).encode()])
def test_what_is_no_json_or_too_much_is_refused(body: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read(body, lines=False, now=NOW)
    assert caught.value.http_status == 400


def test_everything_is_bounded() -> None:
    frames = [{"file": "f" * 10_000, "function": "g" * 10_000, "source": "s" * 10_000, "line": 5}] * 5000
    failure = one(type="T" * 10_000, message="m" * 1_000_000, frames=frames, host="h" * 10_000, thread="t" * 10_000, time=-5, traceback="x" * 10_000_000)
    assert len(str(failure)) < 200_000
    assert len(failure.exceptions[0].frames) == 100
    assert "4901 frames left out" in str(failure)
    assert failure.at == NOW
