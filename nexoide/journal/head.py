"""The head file: the last event known to be on the disk, kept beside the journal, so that a journal that went back is seen.

The file may lag behind the journal; the journal may never be behind the file.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from nexoide.errors import JournalError, NexoideError, NotFoundError
from nexoide.journal.storage import read_bytes, replace_file

_LINE = re.compile(rb"(\d{1,18}) ([0-9a-f]{64})\n")
_LIMIT = 200


def head_path(journal: Path) -> Path:
    """Return where the head of a journal is kept: `journal.head` beside `journal.db`."""
    return journal.with_suffix(".head")


def write_head(journal: Path, seq: int, digest: str) -> None:
    """Replace the head file, on the disk; raises NexoideError where that fails."""
    replace_file(head_path(journal), f"{seq} {digest}\n".encode(), new_mode=0o600)


def read_head(journal: Path) -> tuple[int, str] | None:
    """Return the sequence number and hash in the head file, None where there is none; raises JournalError if unreadable."""
    path = head_path(journal)
    try:
        match = _LINE.fullmatch(read_bytes(path, limit=_LIMIT))
    except NotFoundError:
        return None
    except NexoideError as error:
        raise JournalError(f"The journal's head file cannot be read: {error.sentence}") from error
    if match is None:
        raise JournalError(f"The journal's head file {path} is damaged: restore it together with the journal, or remove it if you trust the journal.")
    return int(match[1]), match[2].decode()


def contradiction(connection: sqlite3.Connection, seq: int, digest: str, who: str) -> tuple[int, str] | None:
    """Compare what `who` remembers with what is stored: None where it is there, else the first bad number and a sentence."""
    row = connection.execute("SELECT hash FROM events WHERE seq = ?", (seq,)).fetchone()
    if seq < 1 or (row is not None and row[0] == digest):
        return None
    last = connection.execute("SELECT max(seq) FROM events").fetchone()[0] or 0
    if row is None and last < seq:
        missing = seq - last
        return last + 1, f"The journal ends at event {last}, but {who} knows event {seq}: {missing} event{'s' if missing > 1 else ''} are gone."
    if row is None:
        return seq, f"Event {seq} is missing, but {who} knows it."
    return seq, f"Event {seq} is not the one that {who} knows: the journal was rewritten or replaced by another copy."
