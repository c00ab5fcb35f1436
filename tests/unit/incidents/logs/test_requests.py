"""Access lines of servers: which failed, on which route, and that one failure is told once."""

# ruff: noqa: E501 - programs and lines of logs are as long as they are

from __future__ import annotations

import pytest

from nexoide.incidents.logs.access import route_of

from .reading import read, told

LINES = {
    '127.0.0.1 - - [02/Jan/2024:03:04:05 +0000] "GET /orders/17?x=1 HTTP/1.1" 500 12 "-" "curl"': ("500", "GET /orders/{n}"),
    '127.0.0.1 - - [02/Jan/2024 03:04:05] "POST /up HTTP/1.1" 413 -': ("413", "POST /up"),
    '127.0.0.1 - - [02/Jan/2024 03:04:05] "\x1b[35m\x1b[1mGET /boom HTTP/1.1\x1b[0m" 500 -': ("500", "GET /boom"),
    'INFO:     127.0.0.1:5 - "GET /x HTTP/1.1" 503 Service Unavailable': ("503", "GET /x"),
    '[02/Jan/2024 03:04:05] "GET /boom/ HTTP/1.1" 500 62345': ("500", "GET /boom/"),
    '127.0.0.1:1 - - [02/Jan/2024:03:04:05] "GET /x" 401 12': ("401", "GET /x"),
    "GET /x/12 500 12.3 ms - 20": ("500", "GET /x/{n}"),
    "\x1b[0mGET /x/12 \x1b[31m500\x1b[0m 12.3 ms - 20\x1b[0m": ("500", "GET /x/{n}"),
    '[GIN] 2024/01/02 - 03:04:05 | 502 |      12ms |  127.0.0.1 | GET      "/x/7"': ("502", "GET /x/{n}"),
    "[W 240102 03:04:05 web:2344] 429 GET /limit (127.0.0.1) 1.20ms": ("429", "GET /limit"),
    'web-1  | 127.0.0.1 - - [02/Jan/2024:03:04:05 +0000] "DELETE /a HTTP/2.0" 504 12': ("504", "DELETE /a"),
    '10.0.0.1:5 [02/Jan/2024:03:04:05.123] fe be/s1 0/0/1/2/3 503 1234 - - ---- 1/1/1/1/0 0/0 "GET /x HTTP/1.1"': ("503", "GET /x"),
}


@pytest.mark.parametrize("line", LINES)
def test_a_failed_request_is_a_failure_with_its_route(line: str) -> None:
    (failure,) = read(f"{line}\n")
    assert told(failure) == LINES[line]
    assert failure.source == "http"
    assert failure.route in failure.log_message


def test_statuses_that_are_no_failures_are_none() -> None:
    lines = "".join(f'1.1.1.1 - - [02/Jan/2024:03:04:05 +0000] "GET /x HTTP/1.1" {status} 12\n' for status in range(100, 600))
    statuses = {failure.status for failure in read(lines)}
    assert statuses == {401, 403, 408, 413, 429, *range(500, 600)}


ROUTES = {
    "/orders/17/items/3": "/orders/{n}/items/{n}",
    "/u/6f9619ff-8b86-d011-b42d-00cf4fc964ff?page=2#x": "/u/{uuid}",
    "/f/deadbeef01": "/f/{hex}",
    "/d/2024-01-02": "/d/{date}",
    "/s/A1b2C3d4E5f6G7h8I9j0": "/s/{id}",
    "https://shop.example/a/7": "/a/{n}",
    "/v1/cafe/oauth2": "/v1/cafe/oauth2",
}


@pytest.mark.parametrize("path", ROUTES)
def test_what_varies_in_a_path_is_masked(path: str) -> None:
    assert route_of("GET", path) == f"GET {ROUTES[path]}"


TRACE = 'Traceback (most recent call last):\n  File "/srv/venv/flask/app.py", line 3, in wsgi\n    f()\n  File "/srv/a.py", line 3, in order\n    1 / 0\nZeroDivisionError: division by zero\n'


def _line(path: str, status: int = 500) -> str:
    return f'127.0.0.1 - - [02/Jan/2024 03:04:05] "GET {path} HTTP/1.1" {status} -\n'


def test_a_request_before_or_after_its_traceback_is_not_a_second_failure() -> None:
    for log in (_line("/a") + TRACE, TRACE + _line("/a"), _line("/ok", 200) + TRACE + _line("/ok", 200) * 5 + _line("/a")):
        (failure,) = read(log)
        assert (told(failure), failure.route, failure.status) == (("ZeroDivisionError", "order"), "GET /a", 500)


def test_two_requests_and_one_traceback_are_two_failures() -> None:
    assert len(read(_line("/a") + TRACE + _line("/b"))) == 2
    assert len(read(TRACE + TRACE + _line("/a") + _line("/b"))) == 2


def test_a_request_of_another_route_than_the_record_names_is_its_own() -> None:
    found = read("[2024-01-02 03:04:05,678] ERROR in app: Exception on /a [GET]\n" + TRACE + _line("/b"))
    assert [told(failure) for failure in found] == [("ZeroDivisionError", "order"), ("500", "GET /b")]
    assert found[0].route == "GET /a"


def test_a_request_far_away_is_its_own() -> None:
    assert len(read(TRACE + "hello\n" * 100 + _line("/a"))) == 2


def test_errors_of_a_client_are_exceptions_as_they_are() -> None:
    log = TRACE.replace("ZeroDivisionError: division by zero", "httpx.HTTPStatusError: Client error '429 Too Many Requests' for url 'https://api/x'")
    (failure,) = read(log)
    assert (failure.exceptions[0].module, failure.exceptions[0].type, failure.status) == ("httpx", "HTTPStatusError", 0)
