"""Routes as frameworks write them, and paths without their values."""

from __future__ import annotations

from typing import Any

import pytest

from nexoide.probe.web import django_route, environ_route, masked, scope_route, template, traceback_route


class Thing:
    """Something with attributes of its own, as a framework's route."""

    def __init__(self, **own: Any) -> None:
        self.__dict__.update(own)


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("/orders/<int:id>", "/orders/{id}"),
        ("/orders/<id>/<any(a,b):kind>", "/orders/{id}/{kind}"),
        ("/orders/{id:int}", "/orders/{id}"),
        ("/files/{rest:path}", "/files/{rest}"),
        ("orders/<slug:name>/", "/orders/{name}/"),
        (r"^old/(?P<year>[0-9]{4})/(?P<name>(a|b)+)/$", "/old/{year}/{name}/"),
        (r"^a\.b/(?P<broken>[(]", "/a.b/{broken}"),
        ("", "/"),
    ],
)
def test_every_way_to_write_a_route_becomes_one(text: str, route: str) -> None:
    assert template(text) == route


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/orders/17/items", "/orders/{id}/items"),
        ("/users/ada@example.org", "/users/{id}"),
        ("/u/550e8400-e29b-41d4-a716-446655440000/x", "/u/{id}/x"),
        ("/blob/deadbeefdeadbeef", "/blob/{id}"),
        ("/v1/orders", "/v1/orders"),
        ("/token/aB3dE6gH9jK2mN5", "/token/{id}"),
        ("/" + "a" * 500, "/" + "a" * 199),
    ],
)
def test_paths_lose_what_looks_like_a_value(path: str, shown: str) -> None:
    assert masked(path) == shown


def test_an_asgi_scope_as_it_is_routed() -> None:
    base = {"type": "http", "method": "GET", "path": "/shop/orders/17"}
    assert scope_route(base) == "GET /shop/orders/{id}"
    assert scope_route(base | {"path_params": {"number": 17}}) == "GET /shop/orders/{number}"
    assert scope_route(base | {"route": Thing(path="/orders/{number}")}) == "GET /shop/orders/{number}"
    assert scope_route(base | {"route": Thing(path_format="/shop/orders/{number}", path="x")}) == "GET /shop/orders/{number}"
    assert scope_route(base | {"path_template": "/shop/orders/{number:int}"}) == "GET /shop/orders/{number}"
    assert scope_route({"type": "websocket", "path": "/talk/a/b", "path_params": {"rest": "a/b"}}) == "WEBSOCKET /talk/{rest}"
    assert scope_route({"type": "http", "method": "g\x1b[2J", "path": 5, "path_params": [1]}) == ""


def test_a_wsgi_environment_as_it_is_routed() -> None:
    base = {"REQUEST_METHOD": "POST", "PATH_INFO": "/orders/17"}
    assert environ_route(base) == "POST /orders/{id}"
    assert environ_route(base | {"werkzeug.request": Thing(url_rule=Thing(rule="/orders/<int:n>"))}) == "POST /orders/{n}"
    assert environ_route(base | {"werkzeug.request": Thing(url_rule=None)}) == "POST /orders/{id}"
    assert environ_route(base | {"bottle.route": Thing(rule="/orders/<n>")}) == "POST /orders/{n}"
    assert environ_route(base | {"wsgiorg.routing_args": ((), {"n": "17"})}) == "POST /orders/{n}"


def test_a_django_request_and_what_is_none() -> None:
    assert django_route(Thing(method="GET", resolver_match=Thing(route="orders/<int:pk>/"))) == "GET /orders/{pk}/"
    assert django_route(Thing(method="GET", META={}, path="/orders/17/")) == "GET /orders/{id}/"
    assert django_route(Thing(path="/orders/17/")) == django_route(None) == django_route(7) == ""


def test_secrets_in_a_path_are_redacted() -> None:
    assert "hunter22" not in environ_route({"REQUEST_METHOD": "GET", "PATH_INFO": "/login/password=hunter22"})


def test_the_request_is_found_in_the_frames_that_handle_it() -> None:
    def application(environ: dict[str, Any]) -> None:
        raise ValueError

    def server(n: int) -> None:
        application({"REQUEST_METHOD": "GET", "PATH_INFO": f"/orders/{n}"})

    with pytest.raises(ValueError) as caught:
        server(7)
    assert traceback_route(caught.value.__traceback__) == "GET /orders/{id}"
    assert traceback_route(None) == ""
