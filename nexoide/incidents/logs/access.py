"""Access lines of servers, in their many orders: which request failed, on which route, with which status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from nexoide.incidents.logs import text

CLIENT = frozenset({401, 403, 408, 413, 429})
"""The statuses below 500 that are failures: who may not, who is too slow, too large or too often."""

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT|PROPFIND|QUERY|WEBSOCKET"
_STATUS = r"(?:5\d\d|40[138]|413|429)"
_QUOTED = re.compile(rf"\"(?P<method>{_METHODS}) (?P<path>[^\s\"]{{1,4000}})(?: (?:HTTP/)?\d(?:\.\d)?)?\" (?P<status>{_STATUS})(?=[\s,\"]|$)")
_UNQUOTED = re.compile(
    rf"(?:^|[\s|\]:;])(?P<method>{_METHODS}) +(?P<path>/[^\s\"]{{0,4000}}|https?://[^\s\"]{{1,4000}})(?: HTTP/\d(?:\.\d)?|"
    rf" \d\.\d)? (?:- )?(?P<status>{_STATUS})(?= [\d-]|$)"
)
_BEFORE = re.compile(rf"(?:^|[\s|\]])(?P<status>{_STATUS}) (?:\|[^\n]{{0,120}}\| )?(?:\"?(?P<method>{_METHODS}) +\"?(?P<path>/[^\s\"]{{0,4000}}))")
_PROXY = re.compile(rf" (?P<status>{_STATUS}) \d{{1,15}} [^\n]{{0,200}}\"(?P<method>{_METHODS}) (?P<path>[^\s\"]{{1,4000}})(?: HTTP/\d(?:\.\d)?)?\"")
_CALLED = re.compile(r"https?://[\w.\[\]:-]{1,255}(?::\d{1,5})? \"[A-Z]{1,10} |\burllib3\b|\bHTTP Request: ")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{2,40}\]?")
_UUID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$")
_NUMBER = re.compile(r"[-+]?\d{1,60}(?:[.,]\d{1,20})?$")
_HEX = re.compile(r"(?=[^\n]{0,63}\d)(?:[0-9a-fA-F]{8,64}|0x[0-9a-fA-F]{1,64})$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]{4,20}Z?)?$")
_TOKEN = re.compile(r"(?=[^\n]{0,200}\d)(?=[^\n]{0,200}[A-Za-z])[A-Za-z0-9_-]{20,200}$")

_IN_MESSAGES = tuple(
    re.compile(form)
    for form in (
        rf"Exception on (?P<path>/\S{{0,2000}}) \[(?P<method>{_METHODS})\]",
        r"(?:Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|Gateway Timeout|HTTP Version Not Supported): (?P<path>/\S{0,2000})",
        r"(?:Error handling request|Exception while handling path|Unhandled (?:error|exception) (?:at|in|on|for)|Error on request:?) (?P<path>/\S{0,2000})",
        rf"(?:\b|\")(?P<method>{_METHODS}) (?P<path>/[^\s\"]{{0,2000}})",
    )
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a log names it: `route` is `POST /orders/{n}` (without a method where it is not said), `status` 0 where it is not."""

    route: str
    status: int

    @property
    def path(self) -> str:
        """The route without its method."""
        return self.route.rpartition(" ")[2]


def failed(line: str) -> Request | None:
    """Return the failed request of an access line, None where the line is none or the request did not fail."""
    found = _QUOTED.search(line) or _PROXY.search(line) or _BEFORE.search(line) or _UNQUOTED.search(line)
    if found is None or _CALLED.search(line, 0, found.start() + 80):
        return None
    return Request(route_of(found["method"], found["path"]), int(found["status"]))


def fails(status: int) -> bool:
    """Return whether a status is a failure."""
    return 500 <= status <= 599 or status in CLIENT


def told(message: str) -> Request | None:
    """Return the request that the message of a record names as failed, None where it names none."""
    if "/" not in message:
        return None
    for form in _IN_MESSAGES:
        found = form.search(message[:4000])
        if found is not None:
            said = found.groupdict()
            return Request(route_of(said.get("method") or "", found["path"]), 0)
    return None


def route_of(method: str, path: str) -> str:
    """Return method and path with what varies from request to request as `{n}`, `{uuid}`, `{hex}`, `{date}` or `{id}`; no query."""
    if "://" in path[:12]:
        path = "/" + path.partition("://")[2].partition("/")[2]
    path = re.split(r"[?#;]", path, maxsplit=1)[0]
    parts = [_masked(part) for part in path[:2000].split("/")[:64]]
    return text.name(f"{method} {'/'.join(parts)}".strip())


def _masked(part: str) -> str:
    if not any(map(str.isdigit, part)):
        return part
    for form, shown in ((_NUMBER, "{n}"), (_UUID, "{uuid}"), (_DATE, "{date}"), (_HEX, "{hex}"), (_TOKEN, "{id}")):
        if form.match(part):
            return shown
    return part


def sentence(request: Request) -> str:
    """Return what a failed request is called in words: `500 Internal Server Error: GET /orders/{n}`."""
    try:
        phrase = HTTPStatus(request.status).phrase
    except ValueError:
        phrase = "server error" if request.status >= 500 else "client error"
    return f"{request.status} {phrase}: {request.route}"
