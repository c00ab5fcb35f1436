"""Records without a traceback: their heads in the formats of the field, and lines that only look like failures."""

# ruff: noqa: E501 - programs and lines of logs are as long as they are

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from nexoide.incidents.logs.heads import head_of
from nexoide.incidents.logs.times import seconds

from .reading import NOW, read, told

HEADS = {
    "ERROR:root:boom 1": ("root", "", 0, "boom 1"),
    "ERROR:    boom": ("", "", 0, "boom"),
    "2024-01-02 03:04:05,678 ERROR app.module: boom": ("app.module", "", 0, "boom"),
    "2024-01-02 03:04:05,678 - app.module - ERROR - boom": ("app.module", "", 0, "boom"),
    "2024-01-02 03:04:05,678 app ERROR boom": ("app", "", 0, "boom"),
    "2024-01-02 03:04:05,678 [MainThread] ERROR shop.orders - boom": ("shop.orders", "MainThread", 0, "boom"),
    "2024-01-02 03:04:05,678 12345 140213 ERROR shop.orders boom": ("shop.orders", "", 12345, "boom"),
    "2024-01-02 03:04:05,678|ERROR|shop.orders|boom": ("shop.orders", "", 0, "boom"),
    "[2024-01-02 03:04:05 +0000] [123] [ERROR] boom": ("", "", 123, "boom"),
    "[2024-01-02 03:04:05,678: ERROR/ForkPoolWorker-1] boom": ("", "ForkPoolWorker-1", 0, "boom"),
    "[2024-01-02 03:04:05,678] ERROR in app: boom": ("app", "", 0, "boom"),
    "2024-01-02 03:04:05.678 | ERROR    | __main__:main:12 - boom": ("__main__", "", 0, "boom"),
    "2024-01-02 03:04:05 [error    ] boom": ("", "", 0, "boom"),
    "[Tue Jan 02 03:04:05.678901 2024] [core:error] [pid 123:tid 456] boom": ("", "tid 456", 123, "boom"),
    "2024-01-02T03:04:05.678Z error: boom": ("", "", 0, "boom"),
    'time="2024-01-02T03:04:05Z" level=error msg="boom" logger=a.b': ("a.b", "", 0, "boom"),
    "E, [2024-01-02T03:04:05.678901 #123] ERROR -- : boom": ("", "", 123, "boom"),
    "2024-01-02 03:04:05.678  ERROR 123 --- [main] c.e.Foo   : boom": ("c.e.Foo", "main", 123, "boom"),
    "[E 240102 03:04:05 web:123] boom": ("", "", 0, "boom"),
    "E0102 03:04:05.678901   123 file.cc:12] boom": ("", "", 123, "boom"),
    "03:04:05.678 [main] ERROR com.foo.Bar - boom": ("com.foo.Bar", "main", 0, "boom"),
    "2024-01-02 03:04:05.678 UTC [123] ERROR:  boom": ("", "", 123, "boom"),
    "ERROR [shop.orders] boom": ("shop.orders", "", 0, "boom"),
    "ERROR shop: boom": ("shop", "", 0, "boom"),
    "[12:00:00] [Server thread/ERROR]: boom": ("", "", 0, "boom"),
    "[2024-01-02 03:04:05] production.ERROR: boom": ("", "", 0, "boom"),
    "2024-01-02 03:04:05,678 ERROR [pid=12] [shop.orders] [worker-3] boom": ("shop.orders", "worker-3", 12, "boom"),
    "ERROR (MainThread) [homeassistant.core] boom": ("homeassistant.core", "MainThread", 0, "boom"),
    "CRITICAL | shop | boom": ("shop", "", 0, "boom"),
    "FATAL: boom": ("", "", 0, "boom"),
    "shop.orders - ERROR - boom": ("shop.orders", "", 0, "boom"),
    "shop:CRITICAL:boom": ("shop", "", 0, "boom"),
    "2024-01-02 03:04:05,678 ERROR shop [12] boom": ("shop", "", 12, "boom"),
    "2024-01-02 03:04:05,678 ERROR <12> shop: boom": ("shop", "", 12, "boom"),
    "2024-01-02 03:04:05,678 ERROR/12 shop - boom": ("shop", "", 12, "boom"),
    "2024-01-02 03:04:05,678;ERROR;shop;boom": ("shop", "", 0, "boom"),
    "2024-01-02 03:04:05,678,shop,CRITICAL,boom": ("shop", "", 0, "boom"),
    "2024-01-02 03:04:05,678\tERROR\tshop\tboom": ("shop", "", 0, "boom"),
    "2024-01-02 03:04:05,678::CRITICAL::shop::boom": ("shop", "", 0, "boom"),
    "2024-01-02 03:04:05,678 (CRITICAL) shop: boom": ("shop", "", 0, "boom"),
    "2024-01-02 03:04:05,678 [CRITI]  boom": ("", "", 0, "boom"),
    "2024-01-02 03:04:05,678 ERROR [shop:12] boom": ("shop", "", 0, "boom"),
    "2024-01-02 03:04:05,678 ERROR cart.py:12 boom": ("cart", "", 0, "boom"),
    "2024-01-02 03:04:05,678 ERROR [MainProcess] [MainThread] shop: boom": ("shop", "MainThread", 0, "boom"),
    "[2024-01-02 03:04:05,678][ERROR][shop.orders][12] boom": ("shop.orders", "", 12, "boom"),
    "[2024-01-02 03:04:05,678: CRITICAL/MainProcess] boom": ("", "MainProcess", 0, "boom"),
    "ERROR 2024-01-02 03:04:05,678 views 12 140393238657920 boom": ("views", "", 12, "boom"),
    "ERROR 2024-01-02 03:04:05,678 views 12 MainThread boom": ("views", "MainThread", 12, "boom"),
    "01/02/2024 03:04:05 PM ERROR shop: boom": ("shop", "", 0, "boom"),
    "Jan 02 03:04:05 ERROR shop.orders: boom": ("shop.orders", "", 0, "boom"),
    "[2024-01-02T03:04:05.678+0000] {taskinstance.py:1937} ERROR - boom": ("taskinstance", "", 0, "boom"),
    "[2024-01-02, 03:04:05 UTC] {taskinstance.py:1937} ERROR - boom": ("taskinstance", "", 0, "boom"),
    "[E 2024-01-02 03:04:05.678 ServerApp] boom": ("ServerApp", "", 0, "boom"),
    "[C 03:04:05.678 NotebookApp] boom": ("NotebookApp", "", 0, "boom"),
}


@pytest.mark.parametrize("line", HEADS)
def test_a_record_of_a_severe_level_is_a_failure_with_what_its_head_says(line: str) -> None:
    head = head_of(line)
    assert head is not None
    logger, thread, pid, message = HEADS[line]
    assert head.message == message
    assert (logger in {"", head.logger}, thread in {"", head.thread}, pid in {0, head.pid}) == (True, True, True), head
    (failure,) = read(f"starting\n{line}\n")
    assert (failure.log_message, failure.exceptions, failure.source) == (message, (), "file")


HARMLESS = (
    "0 errors", "An ERROR occurred in the text", "error_rate=0 failed 0", "2024-01-02 03:04:05 INFO shop: 0 errors, failed: ERROR none",
    "2024-01-02 12:00:00 nightly job finished with ERROR count 0", '{"level": "info", "message": "error", "error": null, "status": 200}',
    "total: CRITICAL, high, low", "# ERROR handling", "2024-01-02 03:04:05 INFO shop: the mirror is up",
    "INFO:root:no ERROR here", "WARNING:root:the ERROR was handled", "2024-01-02 03:04:05 DEBUG ERROR handling installed", "tests passed, Fatal: none",
    '10.0.0.1 - - [02/Jan/2024:03:04:05 +0000] "GET /error HTTP/1.1" 200 500 "-" "curl"', '1.1.1.1 - - [02/Jan/2024:03:04:05 +0000] "GET /x HTTP/1.1" 404 12',
    'DEBUG:urllib3.connectionpool:https://api.x:443 "GET /y HTTP/1.1" 500 12', 'INFO:httpx:HTTP Request: GET https://api/x "HTTP/1.1 500 Internal Server Error"',
    "ERROR tests/test_shop.py::test_total - ValueError", "the traceback was long", "took 500 ms", "GET /x 200 500 ms", "    at the end of the day",
    "E   ValueError: bad", "/srv/test.py:12: ValueError", '{"level":30,"time":1700000000000,"pid":1,"hostname":"h","msg":"ok"}', 'level=info msg="ERROR not"',
)  # fmt: skip


@pytest.mark.parametrize("line", HARMLESS)
def test_what_merely_contains_the_word_is_none(line: str) -> None:
    assert read(f"{line}\n" * 3) == []


TIMES = {
    "2024-01-02T03:04:05.500Z": 1704164645.5,
    "2024-01-02 03:04:05,500 +0100": 1704161045.5,
    "02/Jan/2024:03:04:05 +0000": 1704164645.0,
    "1704164645.5": 1704164645.5,
    "1704164645500": 1704164645.5,
}


@pytest.mark.parametrize("text", TIMES)
def test_times_with_a_zone_mean_what_they_say(text: str) -> None:
    assert seconds(text, NOW) == TIMES[text]


def test_times_without_a_zone_a_year_or_a_day_are_the_latest_local_ones() -> None:
    now = datetime(2024, 1, 2, 12, 0, tzinfo=UTC).timestamp()
    local = time.mktime((2024, 1, 2, 3, 4, 5, 0, 0, -1))
    assert seconds("2024-01-02 03:04:05", now) == local
    assert seconds("Jan  2 03:04:05", now) == local
    assert seconds("Dec 31 23:00:00", now) == time.mktime((2023, 12, 31, 23, 0, 0, 0, 0, -1))
    assert seconds("03:04:05", now) == local
    assert seconds("23:59:59", now) == time.mktime((2024, 1, 1, 23, 59, 59, 0, 0, -1))


def test_a_clock_that_is_ahead_or_a_time_that_is_none_gives_the_time_of_reading() -> None:
    assert seconds("2099-01-02T03:04:05Z", NOW) == NOW
    assert seconds("2024-13-45 99:99:99", NOW) == NOW
    assert seconds("noon", NOW) == NOW


def test_levels_are_severities() -> None:
    log = "CRITICAL:a:x\nERROR:a:y\n" + 'WARNING:a:z\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nKeyError: 1\nINFO:a:b\n'
    assert [(failure.severity, told(failure)) for failure in read(log)] == [("critical", ("a", "x")), ("error", ("a", "y")), ("warning", ("KeyError", "f"))]


def test_syslog_tells_host_process_and_severity() -> None:
    first, second = read(
        "<11>Jan 02 03:04:05 web1 shop[77]: no stock\n<14>Jan 02 03:04:05 web1 shop[77]: all well\n<10>Jan 02 03:04:05 web1 shop[78]: on fire\n"
    )
    assert (first.host, first.pid, first.severity, first.log_message) == ("web1", 77, "error", "no stock")
    assert (second.pid, second.severity) == (78, "critical")


def test_secrets_are_taken_out_of_records() -> None:
    (failure,) = read("ERROR:shop:login with password=hunter22 failed\n")
    assert "hunter22" not in failure.log_message
