"""Events of SDKs of several languages and ages, as failures."""

from __future__ import annotations

from typing import Any

import pytest

from nexoide.incidents.sentry.event import failure
from nexoide.incidents.sentry.reports import left_out, served, sessions
from nexoide.incidents.sentry.values import view
from nexoide.model.failure import Failure
from tests.support.ingesting import event


def made(**changes: Any) -> Failure:
    found = failure(event(**changes), target="web", now=5.0)
    assert found is not None
    return found


def test_a_python_event() -> None:
    found = made()
    assert (found.source, found.target, found.at, found.language, found.severity) == ("sentry", "web", 1767323045.0, "python", "error")
    (raised,) = found.exceptions
    assert (raised.type, raised.module, raised.message) == ("ZeroDivisionError", "builtins", "division by zero")
    (frame,) = raised.frames
    assert (frame.file, frame.line, frame.function, frame.module, frame.source, frame.in_app) == ("/srv/shop.py", 3, "total", "shop", "    return 1 / n", True)


def exception(name: str, mechanism: dict[str, Any] | None = None, line: str = "raise X", after: list[str] | None = None) -> dict[str, Any]:
    frame = {"filename": "a.py", "function": name, "lineno": 1, "context_line": line, "post_context": after or []}
    return {"type": name, "value": name, "mechanism": mechanism, "stacktrace": {"frames": [frame]}}


@pytest.mark.parametrize(
    ("values", "chain"),
    [
        ([exception("Low"), exception("High")], [("High", "raised"), ("Low", "context")]),
        ([exception("Low"), exception("High", line="    raise High(1) from low")], [("High", "raised"), ("Low", "cause")]),
        ([exception("Low"), exception("High", line="raise High(", after=["    1,", ") from low", "x"])], [("High", "raised"), ("Low", "cause")]),
        ([exception("Low"), exception("High", line="raise High('from here')")], [("High", "raised"), ("Low", "context")]),
        (
            [
                exception("B", {"exception_id": 2, "parent_id": 0, "source": "exceptions[1]"}),
                exception("A", {"exception_id": 1, "parent_id": 0, "source": "exceptions[0]"}),
                exception("Group", {"exception_id": 0, "is_exception_group": True}),
            ],
            [("Group", "raised"), ("A", "member"), ("B", "member")],
        ),
        (
            [exception("Inner", {"exception_id": 1, "parent_id": 0, "source": "InnerException"}), exception("Outer", {"exception_id": 0})],
            [("Outer", "raised"), ("Inner", "cause")],
        ),
        ([exception("A", {"exception_id": 0}), exception("B", {"exception_id": 0})], [("B", "raised"), ("A", "context")]),
        ([exception("A", {"exception_id": 1, "parent_id": 1}), exception("B", {"exception_id": 0, "parent_id": 1})], [("B", "raised"), ("A", "context")]),
    ],
)
def test_chains(values: list[dict[str, Any]], chain: list[tuple[str, str]]) -> None:
    found = made(exception={"values": values})
    assert [(raised.type, raised.relation) for raised in found.exceptions] == chain
    assert made(exception=values) == found  # as a bare list, the way older SDKs write it


def test_other_languages() -> None:
    frames = [{"filename": "app:///src/sum.js", "function": "add", "lineno": 5, "colno": 18, "in_app": True}]
    found = made(platform="node", exception={"values": [{"type": "TypeError", "value": "x is null", "stacktrace": {"frames": frames}}]})
    assert (found.language, found.exceptions[0].module, found.exceptions[0].frames[0].column) == ("javascript", "", 17)
    assert made(platform="csharp").language == "dotnet"
    assert made(platform=None).language == "other"
    native = made(
        platform="native",
        exception={"values": [{"type": "SIGSEGV", "value": "boom", "thread_id": 7}]},
        threads={"values": [{"id": 3, "name": "idle"}, {"id": 7, "name": "main", "crashed": True, "stacktrace": {"frames": [{"instruction_addr": "0x1f"}]}}]},
    )
    assert (native.thread, native.exceptions[0].frames[0].function) == ("main", "0x1f")


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"level": "fatal"}, "critical"),
        ({"level": "warning"}, "warning"),
        ({"level": "info"}, "warning"),
        ({"level": None}, "error"),
        ({"exception": None, "message": "it broke"}, "error"),
        ({"exception": None, "logentry": {"formatted": "it broke"}, "level": "fatal"}, "critical"),
        ({"exception": None, "logentry": {"message": "it %s", "params": ["broke"]}}, "error"),
        ({"exception": None, "message": {"formatted": "it broke"}}, "error"),
    ],
)
def test_levels(changes: dict[str, Any], severity: str) -> None:
    assert made(**changes).severity == severity


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"message": "order %s of %d: %5.2f %%", "params": ["7", 3, 1.5]}, "order 7 of 3: 1.5 %"),
        ({"message": "order %(id)s", "params": {"id": 7}}, "order 7"),
        ({"message": "too few %s %s", "params": ["a"]}, "too few a %s"),
        ({"message": "wide %999999999d", "params": [1]}, "wide %999999999d"),
        ({"message": "odd %s", "params": [[1]]}, "odd …"),
        ({"message": "none %s", "params": None}, "none %s"),
    ],
)
def test_parameters_are_put_in_their_places(entry: dict[str, Any], said: str) -> None:
    assert made(exception=None, logentry=entry).log_message == said


@pytest.mark.parametrize("changes", [{"message": "fine", "level": "info"}, {"message": "hm", "level": "warning"}, {}])
def test_messages_below_error_are_no_failures(changes: dict[str, Any]) -> None:
    assert failure(event(exception=None, **changes), target="web", now=5.0) is None


def test_the_request_it_happened_in() -> None:
    request = {"method": "GET", "url": "http://shop.example/orders/17?q=1"}
    assert made(request=request, transaction="/orders/{order}", transaction_info={"source": "route"}).route == "GET /orders/{order}"
    assert made(request=request, transaction="show", transaction_info={"source": "component"}).route == "GET /orders/{n}"
    assert made(request=request).route == "GET /orders/{n}"
    assert made(transaction="nightly").route == ""
    assert made(contexts={"response": {"status_code": 503}}).status == 503
    assert made(tags=[["http.status_code", "500"]]).status == 500


def test_secrets_and_people_are_not_kept() -> None:
    frame = {"filename": "a.py", "function": "f", "lineno": 1, "vars": {"password": "'hunter2hunter2'", "config": {"api_key": "'abcdefabcdef'"}, "token": None}}
    found = made(
        exception={"values": [{"type": "X", "value": "password=hunter2hunter2", "stacktrace": {"frames": [frame]}}]},
        user={"email": "ada@example.org"},
        request={"url": "http://x/", "headers": {"Authorization": "Bearer abcdefabcdef"}, "cookies": "session=abcdefabcdef", "data": "ada@example.org"},
        breadcrumbs={"values": [{"message": "ada@example.org"}]},
    )
    assert not any(word in str(found) for word in ("hunter2", "abcdef", "ada@"))


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("'text'", "str", "'text'"),
        ("7", "int", "7"),
        ("-7.5e3", "float", "-7.5e3"),
        ("None", "NoneType", "None"),
        ("True", "bool", "True"),
        ("b'x'", "bytes", "b'x'"),
        ("<shop.Cart object at 0x7f00>", "Cart", "<shop.Cart object at 0x7f00>"),
        ("Cart(lines=[])", "Cart", "Cart(lines=[])"),
        (["1", "'a'"], "list", "[1, 'a']"),
        ({"a": "1", "b": {"c": [["2"]]}}, "dict", "{'a': 1, 'b': {'c': [[…]]}}"),
        (7, "int", "7"),
        (None, "NoneType", "None"),
        ("whatever it is", "", "whatever it is"),
    ],
)
def test_values(value: Any, kind: str, shown: str) -> None:
    found = view("name", value)
    assert (found.type, found.repr) == (kind, shown)


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, [[]], {"values": 5}, {"values": [None, 5, {}]}, True])
def test_whatever_stands_where_something_else_should(junk: Any) -> None:
    names = [
        "exception",
        "threads",
        "contexts",
        "request",
        "tags",
        "sdk",
        "timestamp",
        "level",
        "logger",
        "platform",
        "transaction",
        "transaction_info",
        "message",
        "logentry",
        "server_name",
    ]
    for name in names:
        failure(event(**{name: junk}), target="web", now=5.0)
        served(event(**{name: junk}))
    failure(dict.fromkeys(names, junk), target="web", now=5.0)
    assert sessions("sessions", {"aggregates": junk}) == {}
    assert left_out({"discarded_events": junk}) == []


def test_requests_that_were_served() -> None:
    base = {
        "type": "transaction",
        "transaction": "/orders/{id}",
        "start_timestamp": 10.0,
        "timestamp": "1970-01-01T00:00:10.250Z",
        "request": {"method": "GET", "url": "http://x/orders/1"},
    }
    found = served(base | {"contexts": {"trace": {"op": "http.server"}, "response": {"status_code": 503}}})
    assert found is not None
    assert (found.route, round(found.milliseconds), found.status, found.failed) == ("GET /orders/{id}", 250, 503, True)
    assert served({"transaction": "nightly", "contexts": {"trace": {"op": "task"}}}) is None


def test_sessions_and_what_was_left_out() -> None:
    assert sessions("session", {"init": True, "status": "crashed"}) == {"sessions": 1, "sessions crashed": 1}
    assert sessions("session", {"status": "ok"}) == {}
    rows = {"aggregates": [{"exited": 5, "errored": 2}, {"crashed": 1}, "junk"]}
    assert sessions("sessions", rows) == {"sessions": 8, "sessions crashed": 1, "sessions errored": 2}
    report = {
        "discarded_events": [
            {"category": "error", "reason": "queue_overflow", "quantity": 4},
            {"category": "transaction", "reason": "sample_rate", "quantity": 9},
        ]
    }
    assert [(left.quantity, left.reason, left.meant) for left in left_out(report)] == [(4, "queue_overflow", False)]


def test_a_traceback_in_the_words_of_a_record_is_an_exception() -> None:
    words = 'order 7 failed\nTraceback (most recent call last):\n  File "/srv/shop.py", line 3, in total\nZeroDivisionError: division by zero\n'
    found = made(exception=None, logentry={"formatted": words}, logger="root")
    assert [(raised.type, raised.frames[-1].function) for raised in found.exceptions] == [("ZeroDivisionError", "total")]
    assert found.log_message == "order 7 failed"
