"""The hash chain: how an event becomes the bytes that are stored, and how stored bytes are checked.

The stored bytes are what is hashed, so no canonical form has to be agreed on; each names the hash of the one before.
The hash stands beside the bytes, too, so that damage to the very last event is seen as well.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from nexoide.errors import JournalError, UsageError
from nexoide.model import codec
from nexoide.model.event import KIND_OF, Body, Event

FORMAT = 1
NO_HASH = "0" * 64
MAX_EVENT_BYTES = 8 << 20
DAMAGED = "journal.damaged"
"""The kind under which a stored event is read that is not what was stored; its body is None."""

Row = tuple[int, bytes, str]
_START = re.compile(rb'\{"v":\d+,"seq":(\d+),')


@dataclass(frozen=True, slots=True)
class Draft:
    """An event on its way to the writer: all but its number and its predecessor's hash, already JSON."""

    ts: float
    kind: str
    actor: str
    via: str
    body: Body | None
    middle: bytes


def draft(body: Body, *, ts: float, actor: str, via: str) -> Draft:
    """Return the draft of one event; raises JournalError where it could not be read back or is too long.

    The body is the one that a reader will get, so that who listens and who reads later fold the same.
    """
    kind = KIND_OF.get(type(body))
    if kind is None:
        raise JournalError(f"A {type(body).__name__} is not an event and cannot be recorded: add it to the model's kinds.")
    try:
        content = codec.encode(body)
        middle = b'"ts":%b,"kind":%b,"actor":%b,"via":%b,"body":%b' % (*map(codec.encode, (ts, kind, actor, via)), content)
        read_back = codec.decode_body(kind, content)
    except (UsageError, UnicodeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise JournalError(f"The {kind} event cannot be recorded: {error}") from error
    if len(middle) > MAX_EVENT_BYTES:
        raise JournalError(f"The {kind} event is {len(middle)} bytes long and at most {MAX_EVENT_BYTES} are recorded: put large contents into blobs.")
    return Draft(ts, kind, actor, via, read_back, middle)


def seal(item: Draft, seq: int, prev: str) -> tuple[Row, Event]:
    """Return the row that is stored for a draft at its place, and the event that readers will get."""
    raw = b'{"v":%d,"seq":%d,%b,"prev":"%b"}' % (FORMAT, seq, item.middle, prev.encode())
    digest = digest_of(raw)
    event = Event(seq=seq, ts=item.ts, kind=item.kind, actor=item.actor, via=item.via, body=item.body, hash=digest)
    return (seq, raw, digest), event


def digest_of(raw: bytes) -> str:
    """Return the hash of stored bytes: sha256, in hex."""
    return hashlib.sha256(raw).hexdigest()


def intact(row: Row) -> bool:
    """Whether the row's bytes are those that its hash names, and speak of the row's own number."""
    seq, raw, digest = row
    if not isinstance(raw, bytes) or digest_of(raw) != digest:
        return False
    start = _START.match(raw)
    return start is not None and int(start[1]) == seq


def follows(row: Row, seq: int, digest: str) -> bool:
    """Whether the row is intact and comes directly after the event `seq` with that hash."""
    return row[0] == seq + 1 and intact(row) and row[1].endswith(b',"prev":"%b"}' % digest.encode())


def envelope(row: Row) -> bytes:
    """Return the JSON of an event as streams carry it: the stored bytes and the hash; damage is said, never passed on."""
    seq, raw, digest = row
    if not intact(row):
        return codec.encode({"seq": seq, "ts": 0.0, "kind": DAMAGED, "actor": "journal", "via": "local", "body": None, "hash": str(digest)})
    return b'%b,"hash":"%b"}' % (raw[:-1], digest.encode())
