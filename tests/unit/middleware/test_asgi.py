"""ASGI applications: nothing of a conversation changes, each failing request is one failure with its route, and each route is counted."""

from __future__ import annotations

from tests.unit.middleware.seen import failures, routes
from tests.unit.probe.peer import Bench

FASTAPI = """\
import asyncio, logging
import fastapi, httpx
from fastapi.responses import StreamingResponse
from starlette.middleware.base import BaseHTTPMiddleware
from nexoide.middleware import HealingMiddleware

app = fastapi.FastAPI()
router = fastapi.APIRouter()
sub = fastapi.FastAPI()
log = logging.getLogger("shop")

@app.get("/orders/{number}")
def order(number: int):
    return {"number": number}

@router.post("/{number}/pay")
async def pay(number: int):
    raise ValueError(f"order {number} is paid")

@app.get("/in-a-thread/{name}")
def threaded(name: str):
    raise LookupError(name)

@app.get("/logged")
async def logged():
    try:
        {}["gone"]
    except KeyError:
        log.exception("wrong")
        raise fastapi.HTTPException(500)

@app.get("/busy")
async def busy():
    raise fastapi.HTTPException(503)

@app.get("/limited")
async def limited():
    raise fastapi.HTTPException(429)

@app.get("/stream")
async def stream():
    async def pieces():
        for n in range(3):
            yield f"{n}"
    return StreamingResponse(pieces())

@app.get("/behind")
async def behind(tasks: fastapi.BackgroundTasks):
    def work(): raise OSError("behind the answer")
    tasks.add_task(work)
    return "done"

@sub.get("/items/{name}")
async def item(name: str):
    raise TypeError(name)

app.include_router(router, prefix="/orders")
app.mount("/sub", sub)

@app.websocket("/talk/{room}")
async def talk(socket: fastapi.WebSocket, room: str):
    await socket.accept()
    await socket.send_text(room)
    raise RuntimeError("in talk")

async def passing(request, call_next):
    return await call_next(request)

WRAP

async def main():
    transport = httpx.ASGITransport(wrapped, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        for n in range(3):
            assert (await client.get(f"/orders/{n}")).json() == {"number": n}
            assert (await client.post(f"/orders/{n}/pay")).status_code == 500
        assert (await client.get("/in-a-thread/ada")).status_code == 500
        assert (await client.get("/logged")).status_code == 500
        assert (await client.get("/busy")).status_code == 503
        assert (await client.get("/limited")).status_code == 429
        assert (await client.get("/stream")).text == "012"
        assert (await client.get("/behind")).text == '"done"'
        assert (await client.get("/sub/items/tea")).status_code == 500
        assert (await client.get("/nowhere/77")).status_code == 404

asyncio.run(main())
from starlette.testclient import TestClient
try:
    with TestClient(wrapped).websocket_connect("/talk/kitchen") as socket:
        assert socket.receive_text() == "kitchen"
        socket.receive_text()
except RuntimeError as error:
    assert error.args == ("in talk",)
"""
TOLD = [
    ("request", "ValueError", "POST /orders/{number}/pay", 500),
    ("request", "LookupError", "GET /in-a-thread/{name}", 500),
    ("log", "KeyError", "GET /logged", 0),
    ("request", "", "GET /busy", 503),
    ("request", "", "GET /limited", 429),
    ("request", "OSError", "GET /behind", 200),
    ("request", "TypeError", "GET /sub/items/{name}", 500),
    ("request", "RuntimeError", "WEBSOCKET /talk/{room}", 500),
]
COUNTED = {
    "GET /orders/{number}": [3, 0, 0],
    "POST /orders/{number}/pay": [3, 3, 0],
    "GET /in-a-thread/{name}": [1, 1, 0],
    "GET /logged": [1, 1, 0],
    "GET /busy": [1, 1, 0],
    "GET /limited": [1, 0, 1],
    "GET /stream": [1, 0, 0],
    "GET /behind": [1, 0, 0],
    "GET /sub/items/{name}": [1, 1, 0],
    "GET /nowhere/{id}": [1, 0, 1],
}


def test_fastapi_with_the_middleware_added(bench: Bench) -> None:
    wrap = "app.add_middleware(BaseHTTPMiddleware, dispatch=passing)\napp.add_middleware(HealingMiddleware)\nwrapped = app"
    done = bench.run(FASTAPI.replace("WRAP", wrap))

    assert done.returncode == 0, done.stderr
    assert failures(bench, 10) == TOLD
    assert routes(bench, 14) == COUNTED


def test_fastapi_inside_the_middleware(bench: Bench) -> None:
    done = bench.run(FASTAPI.replace("WRAP", "wrapped = HealingMiddleware(app)"))

    assert done.returncode == 0, done.stderr
    assert failures(bench, 10) == TOLD
    assert routes(bench, 14) == COUNTED


PURE = """\
import asyncio
from nexoide.middleware import HealingMiddleware
seen = []

async def app(scope, receive, send):
    seen.append((scope is asked, receive is heard, scope["type"]))
    if scope["type"] == "lifespan":
        assert (await receive()) == {"type": "lifespan.startup"}
        await send({"type": "lifespan.startup.complete"})
        return
    if scope["path"] == "/gone":
        raise asyncio.CancelledError("the client went")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for n in range(3):
        await send({"type": "http.response.body", "body": b"x", "more_body": n < 2})
        sent.append(len(said))

async def heard(): return {"type": "lifespan.startup"}
said, sent = [], []
async def say(message): said.append(message)
healed = HealingMiddleware(app)
for asked in ({"type": "lifespan"}, {"type": "http", "method": "GET", "path": "/a", "headers": []}):
    asyncio.run(healed(asked, heard, say))
assert seen == [(True, False, "lifespan"), (True, True, "http")], seen
assert sent == [3, 4, 5], sent
asked = {"type": "http", "method": "GET", "path": "/gone"}
try:
    asyncio.run(healed(asked, heard, say))
    raise SystemExit("nothing was raised")
except asyncio.CancelledError:
    pass
1 / 0
"""


def test_what_is_sent_is_sent_at_once_and_a_client_that_went_is_no_failure(bench: Bench) -> None:
    done = bench.run(PURE)

    assert "ZeroDivisionError" in done.stderr.splitlines()[-1], done.stderr
    assert failures(bench, 1) == [("main", "ZeroDivisionError", "", 0)]
    assert routes(bench, 2) == {"GET /a": [1, 0, 0], "GET /gone": [1, 0, 0]}


LIFESPANS = """\
import asyncio
from nexoide.middleware import HealingMiddleware

async def unknowing(scope, receive, send): raise ValueError("only http is known here")
async def failing(scope, receive, send):
    await receive()
    raise KeyError("no settings")
async def heard(): return {"type": "lifespan.startup"}
async def say(message): pass
for app in (unknowing, failing):
    try:
        asyncio.run(HealingMiddleware(app)({"type": "lifespan"}, heard, say))
    except (ValueError, KeyError):
        pass
"""


def test_an_application_without_a_lifespan_has_not_failed_and_one_whose_lifespan_fails_has(bench: Bench) -> None:
    done = bench.run(LIFESPANS)

    assert done.returncode == 0, done.stderr
    assert failures(bench, 1) == [("request", "KeyError", "", 500)]
