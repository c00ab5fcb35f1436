"""Routes as they are shown, whichever way a framework writes them."""

from __future__ import annotations

import pytest

from nexoide.incidents.routing import route


@pytest.mark.parametrize(
    ("method", "template", "path", "shown"),
    [
        ("get", "/orders/{id}", "/orders/7", "GET /orders/{id}"),
        ("POST", "/orders/<int:order>/lines/<line>", None, "POST /orders/{order}/lines/{line}"),
        ("GET", "/files/{path:path}", None, "GET /files/{path}"),
        (None, "GET /users/:id", "http://x/users/7", "GET /users/:id"),
        ("GET", "show", "http://shop.example/orders/17?a=b#c", "GET /orders/{n}"),
        ("GET", None, "/orders/17", "GET /orders/{n}"),
        ("not a method", None, "/a", "/a"),
        ("GET", None, "nowhere", ""),
        (None, None, None, ""),
        (7, [], {}, ""),
    ],
)
def test_routes(method: object, template: object, path: object, shown: str) -> None:
    assert route(method, template, path) == shown


def test_a_route_is_bounded() -> None:
    assert len(route("GET", "/" + "a" * 10_000, None)) <= 200
    assert len(route("GET", None, "/" + "a/" * 10_000)) <= 200
