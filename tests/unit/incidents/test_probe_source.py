from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexoide.errors import UsageError
from nexoide.incidents.probe_source import MAX_BYTES, MAX_FRAMES, clip, dropped_from, failure_from
from nexoide.model import codec
from nexoide.model.failure import Failure

FRAME: dict[str, Any] = {"file": "/srv/shop/cart.py", "line": 3, "function": "total", "source": "x.y", "locals": {"x": {"type": "A", "repr": "<A>"}}}
RAISED: dict[str, Any] = {"type": "AttributeError", "message": "no y", "name": "y", "obj": {"type": "A"}, "frames": [FRAME]}
FAILURE: dict[str, Any] = {"target": "evil", "pid": 5, "source": "thread", "at": 12.5, "exceptions": [RAISED]}


def test_a_report_becomes_a_failure_of_the_authenticated_target() -> None:
    failure = failure_from({"t": "failure", "failure": FAILURE, "dropped": 0}, "shop")
    assert failure == failure_from(FAILURE, "shop")
    assert (failure.target, failure.pid, failure.source, failure.at) == ("shop", 5, "thread", 12.5)
    assert failure.exceptions[0].obj is not None
    assert failure.exceptions[0].frames[0].locals["x"].repr == "<A>"


def test_unknown_keys_of_a_newer_probe_are_ignored() -> None:
    assert failure_from({**FAILURE, "colour": "red"}, "shop") == failure_from(FAILURE, "shop")


@pytest.mark.parametrize(
    "spoiled",
    [
        {},
        {"failure": []},
        {"failure": None},
        {**FAILURE, "pid": "5"},
        {**FAILURE, "source": "elsewhere"},
        {**FAILURE, "exceptions": {"a": 1}},
        {**FAILURE, "exceptions": [{"type": "A"}]},
        {**FAILURE, "at": None},
        {**FAILURE, "thread": b"bytes"},
    ],
)
def test_what_is_no_failure_is_refused_in_one_sentence(spoiled: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="not a Failure"):
        failure_from(spoiled, "shop")


def test_deep_nesting_is_refused() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    with pytest.raises(UsageError, match="deeper"):
        failure_from({**FAILURE, "thread": deep}, "shop")


def test_long_texts_are_cut() -> None:
    failure = failure_from({**FAILURE, "log_message": "é" * 5000, "thread": "t" * 5000}, "shop")
    assert len(failure.log_message.encode()) <= 4096
    assert failure.log_message.endswith("…")
    assert len(failure.thread.encode()) <= 512


@pytest.mark.parametrize("text", ["", "x" * 10, "x" * 11, "é" * 5, "é" * 6, "\U0001f600" * 9, "\ud800" * 9, "x" * 8 + "\ud800"])
def test_a_cut_text_fits_and_can_be_encoded(text: str) -> None:
    cut = clip(text, 10)
    assert len(cut.encode()) <= 10
    assert (cut == text) == (len(text.encode("utf-8", "backslashreplace")) <= 10 and "\ud800" not in text)


def test_what_json_allows_and_a_journal_does_not_is_made_harmless() -> None:
    spoiled = json.loads(json.dumps({**FAILURE, "at": float("nan"), "pid": 10**40, "thread": "\ud800x"}))
    failure = failure_from(spoiled, "shop")
    assert (failure.at, failure.pid, failure.thread) == (0.0, 1 << 53, "\\ud800x")
    assert codec.decode(codec.encode(failure), Failure) == failure
    assert failure_from({**FAILURE, "at": 1e300}, "shop").at == 0.0
    assert failure_from({**FAILURE, "at": -5.0}, "shop").at == 0.0


def test_long_tracebacks_keep_both_ends_and_say_what_is_missing() -> None:
    frames = [{**FRAME, "line": n} for n in range(5000)]
    kept = failure_from({**FAILURE, "exceptions": [{**RAISED, "frames": frames}]}, "shop").exceptions[0].frames
    assert len(kept) == MAX_FRAMES
    assert (kept[0].line, kept[-1].line) == (0, 4999)
    assert [frame.function for frame in kept if not frame.file] == [f"… {5000 - MAX_FRAMES + 1} frames left out …"]


@pytest.mark.parametrize("filler", ["x", "\x00", "é", "\ud800"])
def test_the_largest_report_still_fits(filler: str) -> None:
    view = {"type": filler * 4096, "module": filler * 4096, "repr": filler * 4096, "file": filler * 4096, "attributes": [filler * 500] * 200}
    frame = {**FRAME, "file": filler * 4096, "source": filler * 4096, "function": filler * 4096, "locals": {f"{filler}{n}": view for n in range(3)}}
    exception = {**RAISED, "message": filler * 4096, "type": filler * 4096, "name": filler * 4096, "obj": view, "frames": [frame] * 5}
    failure = failure_from({**FAILURE, "log_message": filler * 4096, "logger": filler * 4096, "exceptions": [exception] * 30}, "shop")
    assert len(codec.encode(failure)) <= MAX_BYTES
    assert failure.exceptions[0].frames


@pytest.mark.parametrize(("dropped", "expected"), [(0, 0), (7, 7), (-1, 0), (True, 0), ("7", 0), (1.5, 0), (None, 0), (10**40, 1 << 53)])
def test_only_a_sensible_number_of_dropped_failures_is_believed(dropped: object, expected: int) -> None:
    assert dropped_from({"dropped": dropped}) == expected
    assert dropped_from({}) == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FAILURE, *RAISED, *FRAME, "failure"]), inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*FAILURE, "failure"]), JSON, max_size=5))
def test_any_message_is_a_storable_failure_or_a_usage_error(message: dict[str, Any]) -> None:
    try:
        failure = failure_from({**FAILURE, **message}, "shop")
    except UsageError:
        return
    assert codec.decode(codec.encode(failure), Failure) == failure
    assert failure.target == "shop"
