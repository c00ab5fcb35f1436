"""Envelopes: items in order, lengths believed only where they can be true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexoide.errors import UsageError
from nexoide.incidents.sentry.envelope import MAX_ITEMS, MAX_PROBLEMS, Envelope, key_of
from nexoide.incidents.sentry.reading import read

HEAD = b'{"event_id":"abc","dsn":"http://k3y@127.0.0.1:1/1"}\n'


def found(raw: bytes) -> list[tuple[str, bytes]]:
    return [(item.kind, bytes(item.payload)) for item in Envelope(raw).items()]


@pytest.mark.parametrize(
    ("raw", "items"),
    [
        (b"", []),
        (b'{"type":"a","length":2}\n{}\n', [("a", b"{}")]),
        (b'{"type":"a","length":2}\n{}', [("a", b"{}")]),
        (b'{"type":"a"}\n{}\n{"type":"b"}\n[]', [("a", b"{}"), ("b", b"[]")]),
        (b'\n\n{"type":"a","length":3}\n\n\n\n\n{"type":"b","length":0}\n\n{"type":"c"}\nx', [("a", b"\n\n\n"), ("b", b""), ("c", b"x")]),
        (b'{"type":"a","length":0}', [("a", b"")]),
        (b'{"type":"a","length":999}\n{"x":1}\n{"type":"b"}\n{}', [("a", b'{"x":1}'), ("b", b"{}")]),
        (b'{"type":"a","length":3}\n{"x":1}\n{"type":"b"}\n{}', [("a", b'{"x":1}'), ("b", b"{}")]),
        (b'garbage\n{"no":"type"}\n{"type":5}\n{"type":"b"}\n{}', [("b", b"{}")]),
        (b'{"type":"a","length":true}\n{}', [("a", b"{}")]),
    ],
)
def test_items(raw: bytes, items: list[tuple[str, bytes]]) -> None:
    assert found(HEAD + raw) == items


def test_what_is_wrong_is_said_a_few_times_and_counted() -> None:
    envelope = Envelope(HEAD + b"garbage\n" * 100_000 + b'{"type":"b"}\n{}')
    assert [item.kind for item in envelope.items()] == ["b"]
    assert (envelope.lost, len(envelope.problems) <= MAX_PROBLEMS) == (100_000, True)


def test_there_is_a_bound_to_items() -> None:
    envelope = Envelope(HEAD + b'{"type":"b"}\n{}\n' * (MAX_ITEMS + 5))
    assert len(list(envelope.items())) == MAX_ITEMS
    assert envelope.problems == ["it holds more than 1000 items, and the rest was not read"]


def test_the_header_says_id_and_key() -> None:
    envelope = Envelope(HEAD)
    assert (envelope.id, envelope.key) == ("abc", "k3y")
    assert [key_of(dsn) for dsn in ("http://a:b@h/1", "http://h/1", "", None, 7, "x@y", "http://" + "a" * 5000 + "@h/1")] == ["a", "", "", "", "", "", ""]


@given(
    st.lists(
        st.sampled_from(
            [b'{"type":"event","length":9}\n', b'{"type":"event"}\n', b"\n", b"{", b"}", b'{"message":"x","level":"error"}\n', b"\xff", b'"', b"\0", b"[[[["]
        )
    )
)
def test_no_bytes_make_it_fail(parts: list[bytes]) -> None:
    reading = read(HEAD + b"".join(parts), target="t", now=1.0)
    assert len(reading.failures) <= len(parts)


@given(st.binary(max_size=300))
def test_no_first_line_makes_it_fail(raw: bytes) -> None:
    said = "The first line of the envelope is no envelope header: "
    try:
        read(raw, target="t", now=1.0)
    except UsageError as error:
        said = error.sentence
    assert said.startswith("The first line of the envelope is no envelope header: ")
