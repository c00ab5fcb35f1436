"""Records in JSON, as the libraries of the field write them."""

# ruff: noqa: E501 - programs and lines of logs are as long as they are

from __future__ import annotations

import json
from typing import Any

import pytest

from .reading import read, told

TRACE = "Traceback (most recent call last):\n  File \"/srv/a.py\", line 3, in total\n    f()\nKeyError: 'x'"
JAVA = "java.lang.IllegalStateException: bad\n\tat com.shop.Cart.total(Cart.java:12)\n\tat com.shop.Main.main(Main.java:3)\n"
NODE = "TypeError: x is not a function\n    at total (/srv/a.js:12:2)\n    at main (/srv/a.js:3:2)"
LEVELLED: dict[str, dict[str, Any]] = {
    "structlog": {"event": "boom", "level": "error", "timestamp": "2024-01-02T03:04:05Z", "logger": "shop"},
    "python-json-logger": {"asctime": "2024-01-02 03:04:05,1", "levelname": "ERROR", "name": "shop", "message": "boom"},
    "ecs": {"@timestamp": "2024-01-02T03:04:05Z", "log.level": "ERROR", "message": "boom", "log.logger": "shop"},
    "nested ecs": {"@timestamp": "2024-01-02T03:04:05Z", "log": {"level": "error", "logger": "shop"}, "message": "boom"},
    "gcp": {"severity": "ERROR", "message": "boom", "logger": "shop"},
    "bunyan": {"name": "shop", "level": 50, "msg": "boom", "time": "2024-01-02T03:04:05Z", "v": 0, "pid": 7},
    "pino": {"level": 50, "time": 1704164645000, "pid": 7, "hostname": "h", "name": "shop", "msg": "boom"},
    "zap": {"level": "error", "ts": 1704164645.1, "logger": "shop", "caller": "a.go:1", "msg": "boom"},
    "logback": {"@timestamp": "2024-01-02T03:04:05Z", "message": "boom", "logger_name": "shop", "level": "ERROR", "level_value": 40000},
    "serilog": {"@t": "2024-01-02T03:04:05Z", "@l": "Error", "@m": "boom", "SourceContext": "shop"},
    "otel": {"severityNumber": 17, "body": "boom", "logger": "shop"},
    "levelno": {"levelno": 40, "message": "boom", "name": "shop"},
}


@pytest.mark.parametrize("spaces", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize(
    "named",
    [
        lambda line: {"log": f"{line}\n", "stream": "stderr", "time": "2024-01-02T03:04:05Z"},
        lambda line: {"log": f"\x1b[31m{line}\x1b[0m\n", "stream": "stderr", "time": "2024-01-02T03:04:05Z"},
        lambda line: {"__REALTIME_TIMESTAMP": "1704164645000000", "_HOSTNAME": "web1", "_PID": "7", "PRIORITY": "3", "MESSAGE": line},
        lambda line: {
            "MESSAGE": list(f"\x1b[31m{line}".encode()) if line.startswith("Key") else line,
            "PRIORITY": "6",
            "__REALTIME_TIMESTAMP": "1704164645000000",
        },
    ],
)
def test_a_record_may_carry_one_line_of_a_program(named: Any, spaces: tuple[str, str]) -> None:
    (failure,) = read("".join(f"{json.dumps(named(line), separators=spaces)}\n" for line in TRACE.splitlines()))
    assert (told(failure), failure.at) == (("KeyError", "total"), 1704164645.0)
    assert (failure.host, failure.pid) in {("web1", 7), ("", 0)}


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_a_record_may_call_its_message_log(separators: tuple[str, str]) -> None:
    line = json.dumps({"log": "boom", "level": "error", "name": "shop"}, separators=separators)
    assert [told(failure) for failure in read(f"{line}\n")] == [("shop", "boom")]


@pytest.mark.parametrize(
    "said",
    [
        {"log_level": "ERROR", "errorType": "KeyError", "errorMessage": "'x'", "stackTrace": [f"{line}\n" for line in TRACE.splitlines()[1:-1]]},
        {"log.level": "error", "error": {"type": "KeyError", "message": "'x'", "stack_trace": TRACE.rpartition("\n")[0]}},
    ],
)
def test_frames_and_exception_may_be_in_two_fields(said: dict[str, Any]) -> None:
    (failure,) = read(f"{json.dumps(said)}\n")
    assert (told(failure), failure.exceptions[0].message) == (("KeyError", "total"), "'x'")


def test_a_traceback_may_be_in_json_in_a_message() -> None:
    (failure,) = read(json.dumps({"level": "error", "message": f"a job said {json.dumps({'trace': TRACE})}"}) + "\n")
    assert told(failure) == ("KeyError", "total")


@pytest.mark.parametrize("library", LEVELLED)
def test_an_error_is_a_failure_by_the_level_of_its_library(library: str) -> None:
    line = json.dumps(LEVELLED[library])
    quiet = line.replace("ERROR", "INFO").replace("error", "info").replace("Error", "Information").replace(": 50", ": 30").replace(": 17", ": 9")
    quiet = quiet.replace("40000", "20000").replace(": 40", ": 20")
    assert [told(failure) for failure in read(f"{line}\n{quiet}\n")] == [("shop", "boom")]


STACKS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "exc_info": ({"level": "error", "message": "boom", "exc_info": TRACE}, "python", "KeyError", "total"),
    "exception": ({"level": "error", "event": "boom", "exception": TRACE}, "python", "KeyError", "total"),
    "in the message": ({"severity": "ERROR", "message": f"boom\n{TRACE}"}, "python", "KeyError", "total"),
    "a list of lines": ({"level": "ERROR", "message": "boom", "traceback": TRACE.split("\n")}, "python", "KeyError", "total"),
    "a warning": ({"level": "warning", "message": "boom", "exc_info": TRACE}, "python", "KeyError", "total"),
    "structlog's frames": (
        {"level": "error", "event": "boom", "exception": [{"exc_type": "KeyError", "exc_value": "'x'", "frames": [{"filename": "/srv/a.py", "lineno": 3, "name": "total"}]}]},
        "python", "KeyError", "total",
    ),
    "ecs": ({"log.level": "ERROR", "message": "boom", "error": {"type": "x.Y", "message": "bad", "stack_trace": JAVA}}, "java", "java.lang.IllegalStateException", "com.shop.Cart.total"),
    "pino": ({"level": 50, "time": 1, "msg": "boom", "err": {"type": "TypeError", "message": "m", "stack": NODE}}, "javascript", "TypeError", "total"),
    "loguru": ({"text": f"x | ERROR | boom\n{TRACE}\n", "record": {"level": {"name": "ERROR", "no": 40}, "message": "boom", "exception": {"type": "KeyError", "value": "x"}}}, "python", "KeyError", "total"),
}  # fmt: skip


@pytest.mark.parametrize("name", STACKS)
def test_the_exception_of_a_record_is_found_where_its_library_puts_it(name: str) -> None:
    record, language, kind, function = STACKS[name]
    (failure,) = read(json.dumps(record) + "\n")
    assert (failure.language, *told(failure), failure.log_message) == (language, kind, function, "boom")


def test_a_type_without_frames_is_a_failure_by_its_type() -> None:
    (failure,) = read('{"level":"error","message":"boom","exc_type":"TimeoutError","exc_value":"after 3 s"}\n')
    assert (failure.exceptions[0].type, failure.exceptions[0].message, failure.exceptions[0].frames) == ("TimeoutError", "after 3 s", ())


def test_access_logs_in_json_are_read() -> None:
    found = read(
        '{"time":"2024-01-02T03:04:05Z","request":"GET /orders/17?x=1 HTTP/1.1","status":502}\n'
        '{"method":"POST","path":"/up","status":"413"}\n{"method":"GET","path":"/x","status":404}\n{"method":"GET","path":"/x","status":200}\n'
        '{"httpRequest":{"requestMethod":"GET","requestUrl":"https://x/a/b","status":503},"severity":"INFO"}\n'
    )
    assert [told(failure) for failure in found] == [("502", "GET /orders/{n}"), ("413", "POST /up"), ("503", "GET /a/b")]


@pytest.mark.parametrize(
    "line",
    ['{"level":"error"', '{"level":"error","a":' + "[" * 20_000, '["error"]', '{"level":["error"],"message":{"a":1}}', "{}", '{"level":"error","a":"\\ud800"}'],
)
def test_broken_or_odd_json_harms_nothing(line: str) -> None:
    assert len(read(f'{line}\n{{"level":"error","message":"boom","logger":"shop"}}\n')) in {1, 2}
