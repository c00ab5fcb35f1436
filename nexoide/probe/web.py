"""Which route of a web application a request is on, read from what its framework keeps: nothing is imported, none of its code runs.

A route is `POST /orders/{id}`: a template where the framework says one, else the path with what looks like a value masked.
"""

from __future__ import annotations

import re

from .redact import redact
from .values import instance_vars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_PATH = 200
MAX_PARAMETERS = 16
LOOKED_AT = 24
MAX_KNOWN = 1024
_METHOD = re.compile(r"[A-Z]{1,16}")
_CONVERTER = re.compile(r"<(?:[^<>:]{1,100}:)?\s{0,4}([A-Za-z_]\w{0,60})\s{0,4}>")
_TYPED = re.compile(r"\{([A-Za-z_]\w{0,60}):[^{}]{1,200}\}")
_NAMED_GROUP = re.compile(r"\(\?P<([A-Za-z_]\w{0,60})>")
_DIGITS = re.compile(r"\d")
_VALUE = re.compile(r"\d{1,40}|[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}|[0-9A-Fa-f]{12,128}")
_ID = "{id}"
_names: dict[tuple[str, str], str] = {}
_templates: dict[str, str] = {}


def masked(path: str) -> str:
    """Return a path whose parts that look like values (numbers, UUIDs, long tokens with digits) are `{id}`."""
    parts = path[: 4 * MAX_PATH].split("/")
    return "/".join(_ID if _VALUE.fullmatch(part) or (len(part) >= 12 and _DIGITS.search(part)) or "@" in part else part for part in parts)[:MAX_PATH]


def named(method: Any, path: str) -> str:
    """Return a route's name; a method that is none is left out."""
    if type(method) is not str:
        method = ""
    key = (method, path)
    known = _names.get(key)
    if known is None:
        if len(_names) >= MAX_KNOWN:
            _names.clear()
        shown = method if _METHOD.fullmatch(method) else ""
        known = _names[key] = redact(f"{shown} {path}".strip()[:MAX_PATH])
    return known


def template(text: str) -> str:
    """Return a framework's way to write a route (`<int:id>`, `{id:int}`, a regular expression) as `/orders/{id}`."""
    known = _templates.get(text)
    if known is None:
        if len(_templates) >= MAX_KNOWN:
            _templates.clear()
        known = _templates[text] = _template(text[: 4 * MAX_PATH])
    return known


def _template(text: str) -> str:
    if text.startswith("^") or "(?P<" in text:
        text = _without_groups(text.strip("^").rstrip("$").replace("\\Z", "").replace("\\", ""))
    text = _TYPED.sub(r"{\1}", _CONVERTER.sub(r"{\1}", text))
    return (text if text.startswith("/") else f"/{text}")[:MAX_PATH]


def _without_groups(pattern: str) -> str:
    found, position = "", 0
    for group in _NAMED_GROUP.finditer(pattern):
        if group.start() < position:
            continue
        found += pattern[position : group.start()] + "{" + group[1] + "}"
        depth, position = 1, group.end()
        while position < len(pattern) and depth:
            depth += {"(": 1, ")": -1}.get(pattern[position], 0)
            position += 1
    return found + pattern[position:].lstrip("?+*")


def _filled(path: str, parameters: Any) -> str:
    """Return a path in which the values of a route's parameters are their names; masked where there are none."""
    if type(parameters) is not dict or not parameters:
        return masked(path)
    parts = path[: 4 * MAX_PATH].split("/")
    for name, value in list(parameters.items())[:MAX_PARAMETERS]:
        if type(name) is str and type(value) in (str, int):
            shown = str(value)
            if "/" in shown:
                whole = "/".join(parts)
                parts = (whole[: -len(shown)] + "{" + name + "}" if whole.endswith(shown) else whole).split("/")
            else:
                parts = ["{" + name + "}" if part == shown else part for part in parts]
    return masked("/".join(parts))


def scope_route(scope: dict[str, Any]) -> str:
    """Return the route of an ASGI scope as it stands, routed or not."""
    method = scope.get("method") if scope.get("type") == "http" else "WEBSOCKET"
    path = scope.get("path")
    path = path if type(path) is str else ""
    route = scope.get("route")
    own = instance_vars(route) if route is not None else {}
    for text in (own.get("path_format"), own.get("path"), scope.get("path_template")):
        if type(text) is str:
            return named(method, _below(path, template(text)))
    return named(method, _filled(path, scope.get("path_params")))


def _below(path: str, text: str) -> str:
    """Return a template with what stands before it in the path: a router that is mounted or included knows its own part alone."""
    before = path.rstrip("/").count("/") - text.rstrip("/").count("/")
    if before <= 0 or "{path}" in text or "{rest" in text:
        return text
    return masked("/".join(path.split("/")[: before + 1])) + text


def environ_route(environ: dict[str, Any]) -> str:
    """Return the route of a WSGI environment as it stands."""
    method = environ.get("REQUEST_METHOD")
    for key, name in (("werkzeug.request", "url_rule"), ("bottle.route", ""), ("pyramid.request", "matched_route")):
        holder = environ.get(key)
        rule = instance_vars(holder).get(name) if name and holder is not None else holder
        own = instance_vars(rule) if rule is not None else {}
        text = own.get("rule") or own.get("pattern")
        if type(text) is str:
            return named(method, template(text))
    path, arguments = environ.get("PATH_INFO"), environ.get("wsgiorg.routing_args")
    parameters = arguments[1] if type(arguments) is tuple and len(arguments) == 2 else None
    return named(method, _filled(path if type(path) is str else "", parameters))


def django_route(request: Any) -> str:
    """Return the route of a Django request, "" where it is none or was not resolved."""
    if request is None:
        return ""
    own = instance_vars(request)
    match = own.get("resolver_match")
    text = instance_vars(match).get("route") if match is not None else None
    if type(text) is str:
        return named(own.get("method"), template(text))
    path = own.get("path")
    return named(own.get("method"), masked(path)) if type(path) is str and "META" in own else ""


def traceback_route(traceback: Any) -> str:
    """Return the route of the request in whose handling an exception was raised, where the outermost frames hold it, else ""."""
    for _ in range(LOOKED_AT):
        if traceback is None:
            break
        code = traceback.tb_frame.f_code
        if "scope" in code.co_varnames or "environ" in code.co_varnames:
            variables = traceback.tb_frame.f_locals
            scope, environ = variables.get("scope"), variables.get("environ")
            if type(scope) is dict and scope.get("type") in ("http", "websocket") and "path" in scope:
                return scope_route(scope)
            if type(environ) is dict and "PATH_INFO" in environ:
                return environ_route(environ)
        traceback = traceback.tb_next
    return ""
