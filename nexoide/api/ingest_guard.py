"""Who may send failures over TCP: whoever has the key, from this machine, and no page of somebody else in a browser."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote

from starlette.types import Scope

MAX_KEY = 200
_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?\Z", re.IGNORECASE)
_SENTRY_KEY = re.compile(r"(?:\A|[\s,])sentry_key\s{0,4}=\s{0,4}\"?([^\s,\"]{1,200})")


class Refusal(Exception):  # noqa: N818 - it is an answer
    """An answer that is no success: `kind` names what is counted and said to the operator ("" for nothing), `close` ends the connection."""

    def __init__(self, status: int, sentence: str, *, kind: str = "", close: bool = False) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.kind, self.close = status, sentence, kind, close


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by lower-case name, the first of equal ones."""
    return dict(reversed(scope["headers"]))


def check_place(headers: dict[bytes, bytes]) -> None:
    """Refuse a request that was meant for another host: a page whose name was bound anew to this machine (DNS rebinding)."""
    host = headers.get(b"host", b"").decode("latin-1")
    if not _LOOPBACK.match(host):
        raise Refusal(403, "The request names another host than this machine: use the DSN of 'nexoide status --json'.", kind="wrong host", close=True)


def check_origin(headers: dict[bytes, bytes]) -> None:
    """Refuse a page in a browser unless it was served by this machine; the answer lets no page read it either way."""
    origin = headers.get(b"origin")
    if origin is None:
        return
    scheme, _, place = origin.decode("latin-1").partition("://")
    if scheme not in {"http", "https"} or not _LOOPBACK.match(place):
        raise Refusal(403, "A web page of another host sent this: only programs and pages of this machine may.", kind="foreign page", close=True)


def key_of(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """Return the key that a request brings, "" where it brings none: in a header of Sentry's or ours, or in the query."""
    auth = headers.get(b"x-sentry-auth") or headers.get(b"authorization", b"")
    text = auth[:4096].decode("latin-1")
    found = _SENTRY_KEY.search(text)
    if found is not None:
        return unquote(found[1])
    if text[:7].lower() == "bearer ":
        return text[7:].strip()[:MAX_KEY]
    own = headers.get(b"x-nexoide-key")
    if own:
        return own[:MAX_KEY].decode("latin-1").strip()
    raw: bytes = scope.get("query_string", b"")
    query = raw[:4096].decode("latin-1")
    if "key=" not in query:
        return ""
    try:
        values = parse_qs(query, max_num_fields=32)
    except ValueError:
        return ""
    return (values.get("sentry_key") or values.get("key") or [""])[0][:MAX_KEY]


def wants_json_lines(headers: dict[bytes, bytes]) -> bool:
    """Whether the body is one JSON object a line."""
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return kind in {b"application/x-ndjson", b"application/jsonl", b"application/json-lines", b"application/ndjson"}
