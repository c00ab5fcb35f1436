"""Verification of a whole journal; needs no supervisor and changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nexoide.errors import CorruptJournalError
from nexoide.journal.chain import NO_HASH, Row, digest_of, follows, intact
from nexoide.journal.database import connect_readonly, translated
from nexoide.journal.head import contradiction, read_head
from nexoide.model.codec import decode_event
from nexoide.model.commands import AuditAnswer
from nexoide.model.event import DeploymentStarted, PatchExtended, PatchProposed

Anchor = tuple[int, str]
_PROPOSED, _DEPLOYED = b'"kind":"patch.proposed"', b'"kind":"deployment.started"'
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Scan:
    """How far a chain held: the last good event, and the first bad one (0: none) with a sentence."""

    seq: int = 0
    digest: str = NO_HASH
    first_bad: int = 0
    sentence: str = ""


def verify_file(path: Path, anchors: Iterable[Anchor] = ()) -> AuditAnswer:
    """Check every event, the chain, the blobs, the head file and `anchors` (number and hash known from elsewhere).

    The file is opened read-only, so this works beside a running supervisor and without one. `first_bad` is the first
    event that is not what was stored, or is missing. Raises NotFoundError where there is no journal, JournalError
    where it cannot be read at all.
    """
    known = read_head(path)  # first: events after this moment can only be more
    with translated():
        connection = connect_readonly(path)
    try:
        with translated():
            connection.execute("BEGIN")
            return _audit(connection, known, anchors)
    except CorruptJournalError as error:
        return AuditAnswer(ok=False, events=0, first_bad=max(error.first_bad, 1), sentence=error.sentence)
    finally:
        connection.close()


def _audit(connection: sqlite3.Connection, known: Anchor | None, anchors: Iterable[Anchor]) -> AuditAnswer:
    scan = scan_all(connection)
    if scan.first_bad:
        return AuditAnswer(ok=False, events=scan.seq, first_bad=scan.first_bad, sentence=scan.sentence, head=scan.digest)
    checked = 0
    for who, seq, digest in [("the head file", *known)] if known else []:
        found = contradiction(connection, seq, digest, who)
        if found:
            return AuditAnswer(ok=False, events=scan.seq, first_bad=found[0], sentence=found[1], head=scan.digest)
    for seq, digest in anchors:
        checked += 1
        found = contradiction(connection, seq, digest, "an anchor outside it")
        if found:
            return AuditAnswer(ok=False, events=scan.seq, first_bad=found[0], sentence=found[1], head=scan.digest)
    blob = _bad_blob(connection) or _lost_blob(connection)
    if blob:
        sentence = f"All {scan.seq} events are what was stored, but the content {blob[:12]}… is not: restore the journal from a copy."
        return AuditAnswer(ok=False, events=scan.seq, first_bad=0, sentence=sentence, head=scan.digest)
    against = f", checked against {checked} anchor{'s' if checked > 1 else ''} outside it" if checked else ""
    return AuditAnswer(ok=True, events=scan.seq, first_bad=0, sentence=f"All {scan.seq} events are what was stored{against}.", head=scan.digest)


def scan_all(connection: sqlite3.Connection) -> Scan:
    """Check every stored event in order, a page at a time, and return where that ended."""
    scan = Scan()
    while not scan.first_bad:
        try:
            rows = connection.execute("SELECT seq, raw, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (scan.seq, _PAGE)).fetchall()
        except sqlite3.DatabaseError as error:
            return Scan(scan.seq, scan.digest, scan.seq + 1, f"The journal cannot be read after event {scan.seq} ({error}).")
        if not rows:
            below = connection.execute("SELECT min(seq) FROM events").fetchone()[0]
            if below is not None and below < 1:
                return Scan(scan.seq, scan.digest, 1, f"An event numbered {below} was put before the first one.")
            break
        scan = scan_rows(rows, scan)
    return scan


def scan_rows(rows: list[Row], scan: Scan) -> Scan:
    """Continue a scan over consecutive rows."""
    seq, digest = scan.seq, scan.digest
    for row in rows:
        if not follows(row, seq, digest):
            return Scan(seq, digest, seq + 1, _what(row, seq))
        seq, digest = row[0], row[2]
    return Scan(seq, digest)


def _what(row: Row, seq: int) -> str:
    if row[0] != seq + 1:
        return f"Event {seq + 1} is missing: event {seq} is followed by event {row[0]}."
    if not intact(row):
        return f"Event {row[0]} is not what was stored: its bytes do not match its hash."
    return f"Event {row[0]} does not follow the event before it: one of them was replaced."


def _bad_blob(connection: sqlite3.Connection) -> str:
    for name, data in connection.execute("SELECT sha256, data FROM blobs"):
        if not isinstance(data, bytes) or digest_of(data) != name:
            return str(name)
    return ""


def _lost_blob(connection: sqlite3.Connection) -> str:
    """Return the first content that a proposal or a deployment names and that is not there, or nothing."""
    there = {str(name) for (name,) in connection.execute("SELECT sha256 FROM blobs")}
    for (raw,) in connection.execute("SELECT raw FROM events WHERE instr(raw, ?) OR instr(raw, ?)", (_PROPOSED, _DEPLOYED)):
        for name in _named(decode_event(bytes(raw)).body):
            if name and name not in there:
                return name
    return ""


def _named(body: object) -> list[str]:
    if isinstance(body, PatchProposed):
        return [name for change in body.patch.files for name in (change.base_sha256, change.new_sha256)]
    if isinstance(body, PatchExtended):
        return [body.file.new_sha256]
    if isinstance(body, DeploymentStarted):
        return [name for file in body.deployment.plan.files for name in (file.before_sha256, file.after_sha256)]
    return []
