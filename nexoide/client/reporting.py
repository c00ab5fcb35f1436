"""Failures that were read elsewhere, sent in pieces that the control plane takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nexoide.client.control import Control
from nexoide.model import codec
from nexoide.model.commands import Reported

PIECE_BYTES = 512 << 10
PIECE_ITEMS = 200


def report_all(control: Control, failures: Iterable[object]) -> Reported:
    """Send any number of failures (`Failure`, or its JSON's form) and return what became of them together; raises as `Control` does."""
    accepted = 0
    incidents: dict[str, None] = {}
    for piece in _pieces(failures):
        answer = control.report(piece)
        accepted += answer.accepted
        incidents.update(dict.fromkeys(answer.incidents))
    return Reported(accepted=accepted, incidents=tuple(incidents))


def _pieces(failures: Iterable[object]) -> Iterator[list[object]]:
    piece: list[object] = []
    size = 0
    for failure in failures:
        length = len(codec.encode(failure))
        if piece and (size + length > PIECE_BYTES or len(piece) >= PIECE_ITEMS):
            yield piece
            piece, size = [], 0
        piece.append(failure)
        size += length
    if piece:
        yield piece
