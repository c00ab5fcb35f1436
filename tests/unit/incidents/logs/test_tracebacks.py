"""Every crash of every CPython here, bare and in whatever a log puts around it: once, with its type, deepest frame and chain."""

# ruff: noqa: E501 - programs and lines of logs are as long as they are

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from nexoide.model.failure import Failure

from .crashes import CRASHES, cases, interpreters, printed
from .reading import read


def _each(prefix: Callable[[int], str]) -> Callable[[str], str]:
    return lambda text: "".join(prefix(number % 60) + line for number, line in enumerate(text.splitlines(keepends=True)))


AROUND = "".join(f"2024-01-02 03:04:{second:02} INFO shop: took order {second}, 0 errors\n" for second in range(40))
WRAPPED: dict[str, Callable[[str], str]] = {
    "bare": lambda text: text,
    "syslog": _each(lambda second: f"Jan 02 03:04:{second:02} web1 shop[123]: "),
    "rfc5424": _each(lambda second: f"<11>1 2024-01-02T03:04:{second:02}.1Z web1 shop 123 - - "),
    "compose": _each(lambda _: "web-1  | "),
    "kubernetes": _each(lambda second: f"2024-01-02T03:04:{second:02}.123456789Z stderr F "),
    "docker": lambda text: "".join(json.dumps({"log": line, "stream": "stderr", "time": "2024-01-02T03:04:05Z"}, separators=(",", ":")) + "\n" for line in text.splitlines(keepends=True)),
    "times": _each(lambda second: f"2024-01-02T03:04:{second:02}.123456Z "),
    "levels": _each(lambda second: f"2024-01-02 03:04:{second:02},678 ERROR [shop] "),
    "celery": _each(lambda second: f"[2024-01-02 03:04:{second:02},678: WARNING/ForkPoolWorker-1] "),
    "surrounded": lambda text: AROUND + text + AROUND,
    "surrounded by prints": lambda text: "starting up\nready\n" + text + "cleaning up\nbye\n",
    "record": lambda text: "2024-01-02 03:04:05,678 ERROR shop.orders: it failed\n" + text + "2024-01-02 03:05:06,678 INFO shop.orders: bye\n",
    "json": lambda text: json.dumps({"level": "error", "message": "it failed", "exc_info": text}) + "\n",
    "json message": lambda text: '{"level":"info","message":"a"}\n' + json.dumps({"severity": "ERROR", "message": text}) + "\n",
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "coloured": lambda text: "".join(f"\x1b[31;1m{line[:-1]}\x1b[0m\n" for line in text.splitlines(keepends=True)),
}  # fmt: skip
RECORDS_OF_THEIR_OWN = {"segfault", "abort", "task", "logged"}


def wrong(kind: str, found: list[Failure]) -> str:
    """Return in words what was read wrongly, "" where nothing was."""
    crash = CRASHES[kind]
    if len(found) != crash.count:
        return f"{len(found)} failures: {[failure.log_message or failure.exceptions[0].type for failure in found]}"
    if not found[0].exceptions or not found[0].exceptions[0].frames:
        return "no frames"
    first, *others = found[0].exceptions
    if (first.type, first.frames[-1].function) != (crash.type, crash.function):
        return f"{first.type} in {first.frames[-1].function}"
    chain = tuple((raised.type, raised.frames[-1].function if raised.frames else "") for raised in others)
    if chain != crash.others:
        return f"chain {chain}"
    return "" if not others or others[0].relation == crash.relation else f"relation {others[0].relation}"


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_every_crash_of_every_interpreter_is_read_once_and_right(wrapping: str) -> None:
    read_wrongly = {}
    for kind, version in cases():
        if wrapping.startswith(("json", "record")) and kind in RECORDS_OF_THEIR_OWN:
            continue
        problem = wrong(kind, read(WRAPPED[wrapping](printed(kind, version))))
        if problem:
            read_wrongly[f"{kind} {version}"] = problem
    assert read_wrongly == {}


@pytest.mark.parametrize("step", [1, 7, 64])
def test_chunks_may_be_cut_anywhere(step: int) -> None:
    for kind, version in cases():
        text = printed(kind, version)
        assert read(text, step=step) == read(text), (kind, version)


def test_carets_tell_the_columns_of_the_stripped_source() -> None:
    for version in (version for version in interpreters() if int(version.split(".")[1]) >= 11):
        frame = read(printed("plain", version))[0].exceptions[0].frames[-1]
        assert frame.source[frame.column : frame.end_column] == "x / 0", version


def test_a_call_over_several_lines_tells_where_it_ends() -> None:
    if "3.13" not in interpreters():
        pytest.skip("there is no CPython 3.13 here")
    frame = read(printed("spread call", "3.13"))[0].exceptions[0].frames[-2]
    assert (frame.line, frame.end_line, frame.source, frame.column) == (5, 10, "return total(", -1)


def test_the_message_of_an_exception_has_its_further_lines_and_notes() -> None:
    newest = next(iter(interpreters()))
    assert read(printed("several lines", newest))[0].exceptions[0].message == "first line\n  second line\n  third line"
    assert read("2024-01-02 03:04:05 ERROR shop: x\n" + printed("notes", newest))[0].exceptions[0].message == "bad\nwhile reading row 7"


def test_threads_records_and_modules_are_told() -> None:
    newest = next(iter(interpreters()))
    assert read(printed("thread", newest))[0].thread.startswith("worker-7")
    logged = read(printed("logged", newest))[0]
    assert (logged.logger, logged.log_message, logged.severity) == ("shop", "order 7 failed", "error")
    assert read(printed("library", newest))[0].exceptions[0].module == "json.decoder"
    assert read(printed("own type", newest))[0].exceptions[0].module == "__main__"
    assert read(printed("key", newest))[0].exceptions[0].module == "builtins"
    assert read(printed("ignored", newest))[0].log_message.startswith("Exception ignored in: ")


def test_what_another_process_raised_is_one_exception_with_the_frames_of_both() -> None:
    (raised,) = read(printed("pool", next(iter(interpreters()))))[0].exceptions
    functions = [frame.function for frame in raised.frames]
    assert functions[0] == "<module>"
    assert functions[-1] == "work"
    assert "result" in functions


def test_secrets_are_taken_out_of_messages_and_source() -> None:
    log = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    login(password="hunter22")\nValueError: token=abcdef0123456789abcd refused\n'
    (failure,) = read(log)
    assert "hunter22" not in failure.exceptions[0].frames[0].source
    assert "0123456789" not in failure.exceptions[0].message
