"""The one way in which types become JSON and JSON becomes types."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from nexoide.errors import UsageError
from nexoide.model.event import KINDS, Body, Event

T = TypeVar("T")

MAX_BYTES = 8 << 20


class _Envelope(msgspec.Struct, frozen=True):
    seq: int
    ts: float
    kind: str
    actor: str
    via: str
    body: msgspec.Raw
    hash: str = ""


_envelopes = msgspec.json.Decoder(_Envelope)
_bodies: dict[str, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """Return the JSON of any type of the model."""
    return msgspec.json.encode(value)


def decode(raw: bytes | str, kind: type[T]) -> T:
    """Return a `kind` from its JSON; raises UsageError, in one sentence, where it is not one."""
    if len(raw) > MAX_BYTES:
        raise UsageError(f"The message is {len(raw)} bytes long and at most {MAX_BYTES} are read: send less at a time.")
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeDecodeError) as error:
        raise UsageError(f"The message is not a {kind.__name__}: {error}.") from error


def from_builtins(value: object, kind: type[T]) -> T:
    """Return a `kind` from dicts and lists; raises UsageError where it is not one."""
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        raise UsageError(f"The message is not a {kind.__name__}: {error}.") from error


def to_builtins(value: object) -> Any:
    """Return `value` as dicts, lists, strings, numbers, booleans and None."""
    return msgspec.to_builtins(value)


def decode_body(kind: str, raw: bytes | msgspec.Raw) -> Body | None:
    """Return the body of an event, or None where this version does not know its kind."""
    known = KINDS.get(kind)
    if known is None:
        return None
    decoder = _bodies.get(kind)
    if decoder is None:
        decoder = _bodies[kind] = msgspec.json.Decoder(known)
    try:
        body: Body = decoder.decode(raw)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"The body of a {kind} event cannot be read: {error}.") from error
    return body


def decode_event(raw: bytes | str) -> Event:
    """Return the event of one message of the stream; raises UsageError where it is none."""
    try:
        found = _envelopes.decode(raw)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"The message is not an event: {error}.") from error
    return Event(seq=found.seq, ts=found.ts, kind=found.kind, actor=found.actor, via=found.via, body=decode_body(found.kind, found.body), hash=found.hash)
