"""Streams: what waits and for how long, what is mixed, what is cut off."""

# ruff: noqa: E501 - programs and lines of logs are as long as they are

from __future__ import annotations

import pytest

from nexoide.incidents.logs import LogReader, read_stack

from .reading import NOW, read, told

FIRST = 'Traceback (most recent call last):\n  File "/srv/a.py", line 3, in <module>\n    boom()\n  File "/srv/a.py", line 9, in boom\n    raise ValueError("x")\nValueError: x\n'
SECOND = 'Traceback (most recent call last):\n  File "/srv/b.py", line 4, in <module>\n    fail()\n  File "/srv/b.py", line 7, in fail\n    return {}["k"]\nKeyError: \'k\'\n'


def _zipped(first: str, second: str, one: str, other: str) -> str:
    return "".join(f"{one}{a}{other}{b}" for a, b in zip(first.splitlines(keepends=True), second.splitlines(keepends=True), strict=True))


def test_any_number_of_workers_that_name_themselves_are_told_apart() -> None:
    bodies = [FIRST.replace("boom", f"boom{number}").splitlines() for number in range(12)]
    mixed = "".join(f"[{number + 100}] {body[at]}\n" for at in range(len(bodies[0])) for number, body in enumerate(bodies))
    assert sorted(told(failure) for failure in read(mixed)) == sorted(("ValueError", f"boom{number}") for number in range(12))


def test_a_traceback_in_a_cell_of_a_table_has_its_files() -> None:
    cell = FIRST.replace('"', '""')
    (failure,) = read(f'"2024-01-02","ERROR","{cell}"\n')
    assert [frame.file for frame in failure.exceptions[0].frames] == ["/srv/a.py", "/srv/a.py"]


def test_a_traceback_in_the_message_of_another_is_part_of_it() -> None:
    whole = SECOND.replace("KeyError: 'k'", f"JobError: the job failed:\n{FIRST}")
    (failure,) = read(f"{whole}done with it\n")
    assert told(failure) == ("JobError", "fail")
    assert failure.exceptions[0].message == f"the job failed:\n{FIRST}".rstrip()


@pytest.mark.parametrize("indent", ["  ", "\xa0\xa0"])
def test_an_exception_may_be_printed_before_its_frames_as_aws_lambda_does(indent: str) -> None:
    frames = "".join(f"{line}\n".replace("  ", indent) for line in FIRST.splitlines()[:-1])
    (failure,) = read(f"[ERROR] ValueError: x\n{frames}END RequestId: 8f50\n")
    assert (told(failure), failure.exceptions[0].message, failure.log_message) == (("ValueError", "boom"), "x", "")


def test_a_traceback_is_told_once_the_stream_pauses() -> None:
    reader = LogReader(origin="x")
    assert reader.due() is None
    assert reader.feed(FIRST.encode(), NOW) == []
    due = reader.due()
    assert due is not None
    assert due <= 0.15
    found = reader.idle(NOW + due)
    assert [told(failure) for failure in found] == [("ValueError", "boom")]
    assert reader.due() is None


def test_a_failed_request_is_held_back_no_longer_than_a_moment() -> None:
    reader = LogReader(origin="x")
    assert reader.feed(b'127.0.0.1 - - [02/Jan/2024:03:04:05 +0000] "GET /a HTTP/1.1" 500 1\n', NOW) == []
    assert reader.due() == pytest.approx(0.15, abs=0.001)
    assert reader.idle(NOW + 0.1) == []
    assert reader.due() == pytest.approx(0.05, abs=0.001)
    assert [told(failure) for failure in reader.idle(NOW + 0.16)] == [("500", "GET /a")]


def test_a_traceback_that_is_still_being_written_is_waited_for_then_told_as_cut() -> None:
    reader = LogReader(origin="x")
    half = FIRST.rpartition("ValueError")[0].encode()
    assert reader.feed(half, NOW) == []
    assert reader.idle(NOW + 0.5) == []
    assert reader.feed(b"ValueError: x\n", NOW + 1) == []
    assert [told(failure) for failure in reader.close(NOW + 1)] == [("ValueError", "boom")]
    assert reader.feed(half, NOW + 2) == []
    due = reader.due()
    assert due is not None
    assert [told(failure) for failure in reader.idle(NOW + 2 + due)] == [("(cut off)", "boom")]


def test_a_traceback_whose_begin_was_rotated_away_is_told() -> None:
    assert [told(failure) for failure in read("    boom()\n" + FIRST.split("\n", 3)[3])] == [("ValueError", "boom")]


def test_line_numbers_are_those_at_which_failures_begin() -> None:
    reader = LogReader(origin="x")
    log = "hello\n" * 1000 + FIRST + "hello\n" * 5000 + "2024-01-02 03:04:05 ERROR shop: no\n"
    reader.feed(log.encode(), NOW)
    assert reader.lines == [1001]
    reader.close(NOW)
    assert reader.lines == [6007]


MIXED = {
    "two processes by pid": _zipped(FIRST, SECOND, "Jan 02 03:04:05 h app[12]: ", "Jan 02 03:04:05 h app[13]: "),
    "two containers": _zipped(FIRST, SECOND, "web-1     | ", "worker-1  | "),
    "two threads in the head": _zipped(FIRST, SECOND, "2024-01-02 03:04:05,1 [Thread-1] ERROR ", "2024-01-02 03:04:05,1 [Thread-2] ERROR "),
    "nothing to tell them apart": _zipped(FIRST, SECOND, "", ""),
    "one after the other": FIRST + SECOND,
    "a line of another in the middle": FIRST.replace("  File", "2024-01-02 03:04:05 INFO shop: hello\n  File", 2) + SECOND,
}


@pytest.mark.parametrize("name", MIXED)
def test_mixed_tracebacks_are_sorted_out(name: str) -> None:
    found = sorted(told(failure) for failure in read(MIXED[name]))
    assert found == [("KeyError", "fail"), ("ValueError", "boom")]
    assert {failure.exceptions[0].frames[0].file for failure in read(MIXED[name])} == {"/srv/a.py", "/srv/b.py"}


def test_several_hundred_processes_lose_none() -> None:
    log = "".join(f"web-{number}  | {line}" for line in FIRST.splitlines(keepends=True) for number in range(200))
    assert [told(failure) for failure in read(log)] == [("ValueError", "boom")] * 200


def test_a_record_and_its_traceback_are_one_and_what_follows_is_another() -> None:
    log = f"2024-01-02 03:04:05,678 ERROR [worker-3] shop.orders: order 7 failed\n{FIRST}2024-01-02 03:04:06,000 ERROR shop.orders: no stock\nINFO:x:y\n"
    first, second = read(log)
    assert (first.logger, first.log_message, first.thread) == ("shop.orders", "order 7 failed", "worker-3")
    assert told(second) == ("shop.orders", "no stock")
    assert len(read(log, log_errors=False)) == 1


def test_what_follows_a_traceback_is_not_swallowed() -> None:
    log = FIRST + "Segmentation fault (core dumped)\n" + SECOND + '10.0.0.1 - - [02/Jan/2024:03:04:05 +0000] "GET /a HTTP/1.1" 429 1\n'
    assert [told(failure)[0] for failure in read(log)] == ["ValueError", "Segmentation fault", "KeyError", "429"]


def test_a_chain_with_messages_of_several_lines_is_one() -> None:
    log = FIRST + "more of it\nand more\n\nDuring handling of the above exception, another exception occurred:\n\n" + SECOND
    (failure,) = read(log)
    assert [raised.type for raised in failure.exceptions] == ["KeyError", "ValueError"]


def test_one_text_may_be_read_by_itself() -> None:
    language, raised = read_stack(FIRST)
    assert (language, raised[0].type, raised[0].frames[-1].line) == ("python", "ValueError", 9)
    assert read_stack("nothing of that kind") == ("python", ())


def test_lines_written_as_one_are_read() -> None:
    for line in (
        "2024-01-02 03:04:05 ERROR shop: failed: " + FIRST.strip().replace("\n", "\\n"),
        "Jan 02 03:04:05 h app[1]: " + FIRST.strip().replace("\n", "#012"),
        'level=error msg="' + FIRST.strip().replace('"', '\\"').replace("\n", "\\n") + '"',
    ):
        assert [told(failure) for failure in read(line + "\n")] == [("ValueError", "boom")], line
