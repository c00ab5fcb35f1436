"""The stream of what targets print: HTTP, one JSON object a line, blocking; on the standard library alone, as `control`."""

from __future__ import annotations

import http.client
import socket as sockets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from nexoide.client.answers import CONNECT_SECONDS, READ_SECONDS, absent, check_socket, error_of
from nexoide.model import codec
from nexoide.model.target import OutputPiece

MAX_ROW = codec.MAX_BYTES


def follow_output(socket: Path, names: Sequence[str], lines: int, cursors: Mapping[str, str]) -> Iterator[OutputPiece]:
    """Yield the last lines that targets printed, then all they print, until the supervisor ends or the connection is lost.

    `cursors` are those of the last pieces by target: there it goes on. Raises UnavailableError where no supervisor answers, RefusedError
    where the socket is not ours, and what the supervisor raised.
    """
    check_socket(socket)
    connection = http.client.HTTPConnection("nexoide")
    try:
        try:
            connection.sock = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
            connection.sock.settimeout(CONNECT_SECONDS)
            connection.sock.connect(str(socket))
            connection.sock.settimeout(READ_SECONDS)
            query = [("lines", str(lines)), *(("target", name) for name in names), *(("after", cursor) for cursor in cursors.values())]
            connection.request("GET", f"/v1/logs/stream?{urlencode(query)}")
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException):
            raise absent(socket) from None
        if answer.status != 200:
            raise error_of(answer.status, answer.read(MAX_ROW))
        connection.sock.settimeout(None)  # a program may print nothing for days
        yield from _pieces(answer)
    finally:
        connection.close()


def _pieces(answer: http.client.HTTPResponse) -> Iterator[OutputPiece]:
    while True:
        try:
            row = answer.readline(MAX_ROW)
        except (OSError, http.client.HTTPException):
            return  # the supervisor is gone: whoever follows goes on from the cursors
        if not row.endswith(b"\n"):
            return
        yield codec.decode(row, OutputPiece)
