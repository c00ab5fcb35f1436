"""What `run --reload` says: one line per burst of saves on stderr, or one JSON object, there and in a report file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, Any

from nexoide.cli.output import emit_sentence
from nexoide.errors import UsageError
from nexoide.model.codec import to_builtins
from nexoide.reload.saves import Taken

MAX_REMARKS = 6


class Words:
    """Says what happened; `report` is a file (or `/dev/fd/N`) to which one JSON object per burst is added."""

    def __init__(self, *, as_json: bool, report: Path | None) -> None:
        self._as_json = as_json
        try:
            self._report: IO[str] | None = report.open("a", encoding="ascii", buffering=1) if report is not None else None
        except OSError as error:
            raise UsageError(f"{report} cannot be written ({error.strerror}): name another file for --report.") from None

    def burst(self, taken: Taken, *, restarted: bool) -> None:
        """Say what became of a burst."""
        document = {
            "event": "reload",
            **to_builtins(taken.reload),
            "remarks": list(taken.remarks),
            "since_save_ms": round(taken.since_save_ms, 3),
            "restarted": restarted,
        }
        self._say(taken, restarted=restarted)
        self._document(document)

    def _say(self, taken: Taken, *, restarted: bool) -> None:
        if self._as_json:
            return
        emit_sentence(f"nexoide: {taken.reload.summary}")
        for remark in taken.remarks[:MAX_REMARKS]:
            emit_sentence(f"nexoide:   {remark}")
        if len(taken.remarks) > MAX_REMARKS:
            emit_sentence(f"nexoide:   … and {len(taken.remarks) - MAX_REMARKS} more: --report FILE keeps all.")
        if restarted:
            emit_sentence("nexoide: the program was restarted for it.")
        elif taken.needs_restart and taken.outcome.state == "refused":
            emit_sentence("nexoide: the running code stays as it was (--restart-on-refusal restarts it for such changes).")

    def notice(self, sentence: str) -> None:
        """Say one sentence that belongs to no burst."""
        self._document({"event": "notice", "text": sentence})
        if not self._as_json:
            emit_sentence(f"nexoide: {sentence}")

    def _document(self, document: dict[str, Any]) -> None:
        line = json.dumps(document, ensure_ascii=True) + "\n"
        if self._report is not None:
            self._report.write(line)
        if self._as_json:
            sys.stderr.write(line)
            sys.stderr.flush()

    def close(self) -> None:
        """Close the report."""
        if self._report is not None:
            self._report.close()
