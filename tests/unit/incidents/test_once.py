from __future__ import annotations

from dataclasses import replace

import pytest

from nexoide.incidents.once import WINDOW_SECONDS, Once, key_of
from nexoide.model.failure import Failure, Source

from .failures import failure, frame, raised

SEEN = failure(raised(frame("total"), message="no amount"))


def by(source: Source, **changes: object) -> Failure:
    return replace(SEEN, source=source, pid=0, **changes)  # type: ignore[arg-type]


def counted(once: Once, *failures: tuple[Failure, float]) -> int:
    return sum(once.fresh(seen, 1, at) for seen, at in failures)


@pytest.mark.parametrize("other", ["file", "output", "sentry", "posted"])
@pytest.mark.parametrize("turned", [False, True])
def test_what_a_probe_and_another_source_saw_is_one(other: Source, turned: bool) -> None:
    both = [(SEEN, 1.0), (by(other), 1.05)]
    assert counted(Once(), *(reversed(both) if turned else both)) == 1


def test_each_failure_pairs_with_one_only() -> None:
    once = Once()
    assert counted(once, *((by("output"), 1.0) for _ in range(3)), *((by("file"), 1.1) for _ in range(5))) == 5


def test_what_a_program_prints_twice_of_one_exception_is_what_its_probe_says() -> None:
    assert counted(Once(), (SEEN, 1.0), (by("output"), 1.0), (by("output"), 1.1)) == 1


def test_one_source_repeats_nothing() -> None:
    assert counted(Once(), *((by("file", origin=f"logs/{n}.log:7"), 1.0) for n in range(4))) == 4


@pytest.mark.parametrize(
    "other",
    [
        {"target": "till"},
        {"exceptions": (raised(frame("other"), message="no amount"),)},
        {"exceptions": (raised(frame("total"), message="no tax"),)},
        {"exceptions": (raised(frame("total"), kind="KeyError"),)},
    ],
)
def test_another_target_message_or_type_is_another_failure(other: dict[str, object]) -> None:
    assert counted(Once(), (SEEN, 1.0), (by("output", **other), 1.0)) == 2


def test_what_is_said_long_after_is_another_failure() -> None:
    assert counted(Once(), (SEEN, 1.0), (by("output"), 1.0 + WINDOW_SECONDS + 1)) == 2


def test_what_is_known_to_be_seen_by_nobody_else_counts() -> None:
    once = Once()
    once.fresh(SEEN, 1, 1.0)
    assert once.fresh(by("file"), 1, 1.0, pairs=False) == 1


def test_repeats_count_as_they_are_said() -> None:
    once = Once()
    once.fresh(SEEN, 1, 1.0)
    assert once.more(key_of(SEEN), "probe", 499, 1.1) == 499
    assert once.more(key_of(SEEN), "output", 500, 1.2) == 0


def test_suggestions_that_interpreters_print_are_no_part_of_the_message() -> None:
    plain = failure(raised(frame("total"), kind="AttributeError", message="'Cart' object has no attribute 'totl'"))
    printed = failure(raised(frame("total"), kind="AttributeError", message="'Cart' object has no attribute 'totl'. Did you mean: 'total'?"))
    assert key_of(plain) == key_of(printed)
    assert key_of(replace(plain, exceptions=(replace(plain.exceptions[0], type="shop.cart.AttributeError"),))) == key_of(plain)


def answered(status: int = 500, **changes: object) -> Failure:
    return replace(SEEN, source="http", pid=0, exceptions=(), status=status, route="GET /cart", **changes)  # type: ignore[arg-type]


def test_a_response_of_500_belongs_to_the_exception_before_it() -> None:
    once = Once()
    assert counted(once, (SEEN, 1.0), (answered(), 1.1)) == 1
    assert once.explained == key_of(SEEN)
    assert counted(once, (answered(), 1.2)) == 1, "one exception explains one response"


def test_a_response_explains_itself_where_no_exception_was_seen_lately_or_it_is_of_the_client() -> None:
    assert counted(Once(), (SEEN, 1.0), (answered(), 9.0)) == 2
    assert counted(Once(), (SEEN, 1.0), (answered(429), 1.1)) == 2


def test_a_source_that_saw_both_response_and_exception_uses_the_exception_up() -> None:
    once = Once()
    assert counted(once, (SEEN, 1.0), (by("output", status=500, route="GET /cart"), 1.05), (answered(), 1.1)) == 2


def test_two_files_with_the_same_record_are_one_and_two_processes_are_two() -> None:
    at = 100.123
    one = replace(SEEN, source="file", pid=41, at=at, origin="logs/app.log:10")
    assert counted(Once(), (one, 1.0), (replace(one, origin="logs/error.log:3"), 1.0)) == 1
    assert counted(Once(), (one, 1.0), (replace(one, origin="logs/error.log:3", pid=42), 1.0)) == 2
    assert counted(Once(), (one, 1.0), (replace(one, origin="logs/app.log:30"), 1.0)) == 2


def test_a_test_run_is_never_a_repetition() -> None:
    assert counted(Once(), (SEEN, 1.0), (by("pytest"), 1.0), (by("pytest"), 1.0)) == 3


def test_two_files_without_numbers_of_lines_are_two_files_all_the_same() -> None:
    one = replace(SEEN, source="file", pid=41, at=100.123, origin="logs/app.log")
    assert counted(Once(), (one, 1.0), (replace(one, origin="logs/error.log"), 1.0)) == 1
    assert counted(Once(), (one, 1.0), (one, 1.0)) == 2


def test_numbers_and_names_in_a_message_and_lines_after_it_tell_no_failures_apart() -> None:
    seen = failure(raised(frame("pay"), message="order 1 of 'ada' is paid"))
    printed = replace(failure(raised(frame("pay"), message="order 2 of 'bob' is paid\nGET /orders 500")), source="output")
    assert counted(Once(), (seen, 1.0), (printed, 1.0)) == 1


def test_repeated_exceptions_explain_responses_as_well() -> None:
    once = Once()
    once.fresh(SEEN, 1, 1.0)
    once.raised("shop", key_of(SEEN), 2, 1.0)
    assert counted(once, *((answered(), 1.1) for _ in range(4))) == 1


def test_a_message_that_a_probe_can_only_guess_pairs_with_any() -> None:
    once, said = Once(), raised(frame("total"), message="the till is shut")
    guessed = replace(SEEN, exceptions=(replace(SEEN.exceptions[0], guessed=True),))
    printed = by("output", exceptions=(said,))
    assert counted(once, (guessed, 1.0), (printed, 1.1), (guessed, 1.2), (printed, 1.3)) == 2
    assert counted(once, (by("output", exceptions=(replace(said, frames=(frame("other"),)),)), 1.4)) == 1
    assert counted(once, (printed, 1.2 + WINDOW_SECONDS + 1)) == 1


def test_what_a_worker_raised_is_the_same_to_a_source_that_shows_where_its_parent_waited() -> None:
    remote = 'Traceback (most recent call last):\n  File "/work/shop-under-test/shop/cart.py", line 10, in total\n    total()\nValueError: no amount\n'
    waited = raised(frame("result", file="/usr/lib/python3/_base.py"), message="no amount")
    told = by("sentry", exceptions=(waited, raised(kind="_RemoteTraceback", message=remote, relation="cause")))
    assert counted(Once(), (SEEN, 1.0), (told, 1.1)) == 1


def test_an_access_line_that_is_printed_and_written_to_a_file_is_one_and_in_two_files_it_is_two() -> None:
    line = '127.0.0.1 - - [21/Nov/2026 17:45:17] "GET /y HTTP/1.1" 502 -'
    written = Failure(target="shop", pid=0, source="http", at=1.0, status=502, route="GET /y", origin="logs/a.log:4", text=f"INFO werkzeug: {line}")
    printed = replace(written, origin="output:9", text=line)
    assert counted(Once(), (written, 1.0), (printed, 1.1), (printed, 1.2), (written, 1.3)) == 2
    assert counted(Once(), (written, 1.0), (replace(written, origin="logs/b.log:4"), 1.1)) == 2


def test_an_exception_explains_its_response_in_a_file_and_in_what_is_printed() -> None:
    line = '127.0.0.1 - - [21/Nov/2026 17:45:17] "GET /y HTTP/1.1" 500 -'
    written = Failure(target="shop", pid=0, source="http", at=1.0, status=500, route="GET /y", origin="logs/a.log:4", text=line)
    printed = by("output", origin="output:3", status=500, route="GET /y")  # its traceback, with the access line beside it
    assert counted(Once(), *[(one, 1.0) for _ in range(4) for one in (SEEN, printed, written)]) == 4
    assert counted(Once(), (SEEN, 1.0), (written, 1.1), (replace(written, text=""), 1.2)) == 2
