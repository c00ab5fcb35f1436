"""WSGI applications: nothing of an answer changes, each failing request is one failure with its route, and each route is counted."""

from __future__ import annotations

from tests.unit.middleware.seen import failures, routes
from tests.unit.probe.peer import Bench

FLASK = """\
import functools, logging
import flask
from nexoide.middleware import HealingWsgiMiddleware

app = flask.Flask(__name__)
log = logging.getLogger("shop")

@app.get("/orders/<int:number>")
def order(number):
    return {"number": number}

@app.post("/orders/<int:number>/pay")
def pay(number):
    raise ValueError(f"order {number} is paid")

@app.get("/logged/<name>")
def logged(name):
    try:
        {}["gone"]
    except KeyError as error:
        log.exception("wrong")
        raise RuntimeError("of it") from error

@app.get("/busy")
def busy():
    return "later", 503

@app.get("/private")
def private():
    flask.abort(403)

@app.get("/stream")
def stream():
    def pieces():
        yield b"one"
        raise OSError("in the middle")
    return flask.Response(pieces())

plain = app.test_client()
app.wsgi_app = HealingWsgiMiddleware(app.wsgi_app)
client = app.test_client()
client.get = functools.partial(client.get, buffered=True)
client.post = functools.partial(client.post, buffered=True)
for number in range(3):
    assert client.get(f"/orders/{number}").json == {"number": number}
    assert client.post(f"/orders/{number}/pay").status_code == 500
assert client.get("/logged/ada").status_code == 500
assert client.get("/busy").data == b"later"
assert client.get("/private").status_code == 403
assert client.get("/nowhere/77").status_code == 404
try:
    client.get("/stream").data
    raise SystemExit("nothing was raised")
except OSError:
    pass
"""


def test_flask(bench: Bench) -> None:
    done = bench.run(FLASK)

    assert done.returncode == 0, done.stderr
    assert failures(bench, 7) == [
        ("log", "ValueError", "POST /orders/{number}/pay", 0),
        ("log", "KeyError", "GET /logged/{name}", 0),
        ("request", "", "GET /busy", 503),
        ("request", "", "GET /private", 403),
        ("request", "OSError", "GET /stream", 200),
    ]
    assert routes(bench, 11) == {
        "GET /orders/{number}": [3, 0, 0],
        "POST /orders/{number}/pay": [3, 3, 0],
        "GET /logged/{name}": [1, 1, 0],
        "GET /busy": [1, 1, 0],
        "GET /private": [1, 0, 1],
        "GET /nowhere/{id}": [1, 0, 1],
        "GET /stream": [1, 0, 0],
    }


DJANGO = """\
import sys
from django.conf import settings
settings.configure(ROOT_URLCONF="script", DEBUG=False, ALLOWED_HOSTS=["*"], SECRET_KEY="x" * 40, LOGGING_CONFIG=None)
from django.core.exceptions import PermissionDenied
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path, re_path

def fail(request, **named): raise ValueError("wrong")
def deny(request): raise PermissionDenied("no")
def fine(request, pk): return HttpResponse(b"fine")

inner = [path("items/<slug:name>/", fail)]
urlpatterns = [path("orders/<int:pk>/", fine), path("deny/", deny), path("api/", include(inner)), re_path(r"^old/(?P<year>[0-9]{4})/$", fail)]
sys.modules["script"] = sys.modules["__main__"]

from wsgiref.util import setup_testing_defaults
def get(app, path):
    environ, seen = {"PATH_INFO": path}, []
    setup_testing_defaults(environ)
    body = app(environ, lambda status, headers, exc_info=None: seen.append(status))
    try:
        return seen[0][:3], b"".join(body)
    finally:
        body.close()

bare = get_wsgi_application()
from nexoide.middleware import HealingWsgiMiddleware
app = HealingWsgiMiddleware(bare)
assert get(app, "/orders/7/") == get(bare, "/orders/7/") == ("200", b"fine")
for path in ("/api/items/tea/", "/old/2020/", "/api/items/milk/"):
    assert get(app, path)[0] == "500"
assert get(app, "/deny/")[0] == "403"
"""


def test_django(bench: Bench) -> None:
    done = bench.run(DJANGO)

    assert done.returncode == 0, done.stderr
    assert failures(bench, 4) == [
        ("log", "ValueError", "GET /api/items/{name}/", 500),
        ("log", "ValueError", "GET /old/{year}/", 500),
        ("log", "PermissionDenied", "GET /deny/", 403),
    ]
    assert routes(bench, 5) == {
        "GET /orders/{pk}/": [1, 0, 0],
        "GET /api/items/{name}/": [2, 2, 0],
        "GET /old/{year}/": [1, 1, 0],
        "GET /deny/": [1, 0, 1],
    }


PURE = """\
import io
from wsgiref.util import FileWrapper, setup_testing_defaults
from nexoide.middleware import HealingWsgiMiddleware

class Body:
    closed = 0
    def __init__(self, *pieces): self.pieces = iter(pieces)
    def __iter__(self): return self
    def __next__(self): return next(self.pieces)
    def close(self): Body.closed += 1

class Sized(Body):
    def __len__(self): return 1

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/write":
        write = start_response("200 OK", [])
        write(b"written")
        return []
    if path == "/handled":
        try:
            1 / 0
        except ZeroDivisionError:
            import sys
            start_response("500 Oops", [], sys.exc_info())
            return [b"sorry"]
    if path == "/lazy":
        def pieces():
            start_response("201 Created", [])
            yield b"lazy"
        return pieces()
    start_response("200 OK", [("X", "y")])
    if path == "/list": return [b"a", b"b"]
    if path == "/body": return Body(b"a", b"b")
    if path == "/sized": return Sized(b"a")
    if path == "/file": return environ["wsgi.file_wrapper"](io.BytesIO(b"f"))
    raise KeyError(path)

written = []
def call(app, path):
    environ, seen = {"PATH_INFO": path, "wsgi.file_wrapper": FileWrapper}, []
    setup_testing_defaults(environ)
    def start_response(status, headers, exc_info=None):
        seen.append((status, headers, exc_info and exc_info[0]))
        return written.append
    body = app(environ, start_response)
    kind, length = type(body), hasattr(body, "__len__") and len(body)
    pieces = list(body)
    if hasattr(body, "close"): body.close()
    return seen, pieces, length, kind

healed = HealingWsgiMiddleware(app)
for path in ("/write", "/handled", "/lazy", "/list", "/body", "/sized", "/file"):
    assert call(healed, path)[:3] == call(app, path)[:3], path
assert call(healed, "/list")[3] is list and call(healed, "/file")[3] is FileWrapper
assert Body.closed == 4 and written == [b"written"] * 2
for number in range(2):
    try:
        call(healed, "/wrong")
        raise SystemExit("nothing was raised")
    except KeyError as error:
        assert error.args == ("/wrong",) and error.__cause__ is None
"""


def test_every_way_to_answer_stays_as_it_is(bench: Bench) -> None:
    done = bench.run(PURE)

    assert done.returncode == 0, done.stderr
    assert failures(bench, 3) == [("request", "ZeroDivisionError", "GET /handled", 500), ("request", "KeyError", "GET /wrong", 500)]
    assert {route: row[0] for route, row in routes(bench, 11).items()} == {
        "GET /write": 1, "GET /handled": 1, "GET /lazy": 1, "GET /list": 2, "GET /body": 1, "GET /sized": 1, "GET /file": 2, "GET /wrong": 2,
    }  # fmt: skip
