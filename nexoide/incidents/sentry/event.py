"""An event as a failure: what the SDK of any language says of an exception or of a message of level error and above."""

from __future__ import annotations

import re
from typing import Any

from nexoide.incidents import bounded
from nexoide.incidents.documents import entries, table
from nexoide.incidents.pasted import pasted
from nexoide.incidents.remote import HEADER
from nexoide.incidents.routing import route
from nexoide.incidents.sentry.exceptions import exceptions
from nexoide.model.failure import Failure, Severity

LEVELS: dict[str, Severity] = {
    "fatal": "critical",
    "critical": "critical",
    "error": "error",
    "warning": "warning",
    "warn": "warning",
    "info": "warning",
    "debug": "warning",
    "log": "warning",
}  # fmt: skip
"""What a level is where an exception comes with it; a message alone counts from `error` on."""
LANGUAGES = {"node": "javascript", "csharp": "dotnet", "native": "c", "objc": "c", "cocoa": "swift", "java": "java", "python": "python"}
_MAX_THREADS = 1000
_MAX_PARAMS, _MAX_PARAM = 32, 200
_PLACE = re.compile(r"%%|%(?:\((?P<name>\w{1,60})\))?[-+ #0]{0,4}\d{0,4}(?:\.\d{0,4})?[sdrifgxa]")


def failure(event: dict[str, Any], *, target: str, now: float) -> Failure | None:
    """Return the failure that an event tells of, None where it is a message below error; `now` is wall seconds, for those without a time."""
    platform = bounded.line(event.get("platform"), 64).lower() or "other"
    language = LANGUAGES.get(platform, platform)
    thread = _thread(event)
    chain = exceptions(event, thread.get("stacktrace") or event.get("stacktrace"), language)
    message = _message(event)
    if not chain and HEADER in message:  # a program put its traceback into the words of a record
        language, chain = pasted(message)
        message = message.partition(HEADER)[0].strip() if chain else message
    level = LEVELS.get(bounded.line(event.get("level"), 16).lower(), "error")
    if not chain and (level == "warning" or not message):
        return None
    contexts, tags = table(event.get("contexts")), tags_of(event)
    request = table(event.get("request"))
    return Failure(
        target=target,
        pid=bounded.integer(table(contexts.get("process")).get("pid")),
        source="sentry",
        at=bounded.moment(event.get("timestamp"), now),
        thread=bounded.line(thread.get("name") or table(table(contexts.get("trace")).get("data")).get("thread.name")),
        exceptions=chain,
        logger=bounded.line(event.get("logger")),
        log_message=bounded.text(message, bounded.MAX_MESSAGE),
        severity=level,
        language=language,
        host=bounded.line(event.get("server_name")),
        origin=_origin(event),
        route=bounded.line(_route(event, request, contexts)),
        status=status_of(contexts, tags),
        release=bounded.line(event.get("release")),
    )


def tags_of(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event's tags, which older SDKs send as a list of pairs."""
    found = event.get("tags")
    if isinstance(found, list):
        return {pair[0]: pair[1] for pair in found[:200] if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)}
    return table(found)


def status_of(contexts: dict[str, Any], tags: dict[str, Any]) -> int:
    """Return the HTTP status of the answer, 0 where it is not said."""
    data = table(table(contexts.get("trace")).get("data"))
    for value in (table(contexts.get("response")).get("status_code"), data.get("http.response.status_code"), tags.get("http.status_code")):
        found = bounded.integer(value)
        if 100 <= found <= 599:
            return found
    return 0


def _message(event: dict[str, Any]) -> str:
    for value in (event.get("logentry"), event.get("sentry.interfaces.Message"), event.get("message")):
        if isinstance(value, str) and value:
            return value
        found = table(value)
        if isinstance(found.get("formatted"), str) and found["formatted"]:
            return str(found["formatted"])
        if isinstance(found.get("message"), str) and found["message"]:
            return _filled(found["message"], found.get("params"))
    return ""


def _filled(message: str, params: object) -> str:
    """Return a message with its parameters in their places, as SDKs before 2.0 leave it to the server; widths are not obeyed."""
    if not params or not isinstance(params, list | dict):
        return message
    values = iter(params[:_MAX_PARAMS] if isinstance(params, list) else ())
    named = table(params)

    def put(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%"
        value = named.get(place["name"]) if place["name"] else next(values, None)
        return place[0] if value is None else str(value)[:_MAX_PARAM] if isinstance(value, str | int | float) else "…"

    return _PLACE.sub(put, message[: bounded.MAX_MESSAGE])


def _thread(event: dict[str, Any]) -> dict[str, Any]:
    """Return the thread in which it happened: the one that the exception names, or that is marked as such."""
    found = [item for item in entries(event.get("threads"))[:_MAX_THREADS] if isinstance(item, dict)]
    if not found:
        return {}
    named = [item["thread_id"] for item in entries(event.get("exception"))[-1:] if isinstance(item, dict) and item.get("thread_id") is not None]
    for thread in found:
        if (named and thread.get("id") == named[0]) or thread.get("crashed"):
            return thread
    return next((thread for thread in found if thread.get("current")), {})


def _route(event: dict[str, Any], request: dict[str, Any], contexts: dict[str, Any]) -> str:
    """Return the route of the request in which it happened; an event outside of one has none."""
    if not request.get("url") and table(contexts.get("trace")).get("op") != "http.server":
        return ""
    info = table(event.get("transaction_info")).get("source")
    name = event.get("transaction")
    template = name if info in {None, "route", "unknown", "custom"} or (isinstance(name, str) and ("{" in name or "<" in name)) else None
    return route(request.get("method"), template, request.get("url") or name)


def _origin(event: dict[str, Any]) -> str:
    kit = table(event.get("sdk"))
    return " ".join(part for part in (bounded.line(kit.get("name"), 64), bounded.line(kit.get("version"), 32)) if part) or "sentry"
