from __future__ import annotations

import pytest

from nexoide.repair.validation.masking import masked, without_tracebacks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<A object at 0x7f3a12345678>", "<A object at 0x7f3a87654321>"),
        ("id 6f1e2d3c-0000-4000-8000-1234567890ab", "id 11111111-2222-4333-8444-555555555555"),
        ("wrote /tmp/tmpab12/x.txt", "wrote /tmp/tmpcd34/x.txt"),
        ("2026-01-02 03:04:05,678 INFO ready", "2026-05-06 13:14:15,116 INFO ready"),
        ("took 12.5 ms", "took 3 ms"),
        ("took 0.51 seconds", "took 1.7 seconds"),
        ("at 1767323045.123", "at 1767326645.9"),
        ("pid=123 started", "pid=4567 started"),
    ],
)
def test_what_means_nothing_is_masked(one: str, other: str) -> None:
    assert one != other
    assert masked(one) == masked(other)


@pytest.mark.parametrize(
    ("one", "other"), [("total 10", "total 11"), ("retry in 5 s", "retry in 6 s"), ("0x10", "0x11"), ("order 2026-01-02", "order 2026-01-03")]
)
def test_what_a_program_says_is_kept(one: str, other: str) -> None:
    assert masked(one) != masked(other)


def test_tracebacks_are_cut_out_wherever_the_streams_put_them() -> None:
    text = "one\nTraceback (most recent call last):\n  File 'a.py', line 1, in <module>\n    f()\nKeyError: 1\n\n"
    text += "During handling of the above exception, another one occurred:\n\n"
    text += "Traceback (most recent call last):\n  File 'a.py', line 1\nValueError: x\ntwo\n"
    assert [line for line in without_tracebacks(text) if line] == ["one", "two"]


def test_a_warning_of_the_interpreter_is_no_output() -> None:
    assert without_tracebacks("sys:1: RuntimeWarning: coroutine 'f' was never awaited\nhello\n") == ["hello"]
