"""Routes as `POST /orders/{id}`: from a framework's own template where there is one, else from a path with its variables masked."""

from __future__ import annotations

import re

from nexoide.incidents.logs.access import route_of
from nexoide.probe.web import template as plain_template

MAX_ROUTE = 200
_METHOD = re.compile(r"[A-Z]{3,10}\Z")
_WHOLE = re.compile(r"[A-Z]{3,10} /")


def route(method: object, template: object, path: object) -> str:
    """Return `METHOD /path` of a template (`/orders/{id}`, `/orders/<int:id>`) or else of a URL or path; "" where there is neither."""
    verb = method.strip().upper()[:12] if isinstance(method, str) else ""
    verb = verb if _METHOD.match(verb) else ""
    name = template.strip()[: 4 * MAX_ROUTE] if isinstance(template, str) else ""
    if _WHOLE.match(name):
        verb, _, name = name.partition(" ")
    if name.startswith(("/", "^")):
        return f"{verb} {plain_template(name)}".strip()[:MAX_ROUTE]
    place = path.strip() if isinstance(path, str) else ""
    return route_of(verb, place)[:MAX_ROUTE] if place.startswith("/") or "://" in place[:12] else ""
