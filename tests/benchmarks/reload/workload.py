"""A program that works: a set of pure-Python loops and request loops; prints the seconds that each round of each took.

    python workload.py ROUNDS

Standard library only, except for the request loop of FastAPI, which runs where it is installed.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time


class Body:
    """Something with attributes that change."""

    def __init__(self, x: float, v: float) -> None:
        self.x, self.v = x, v

    def step(self, others: list[Body]) -> None:
        """Move under the others' pull."""
        for other in others:
            if other is not self:
                self.v += (other.x - self.x) * 0.001
        self.x += self.v * 0.01


def bodies() -> None:
    """Attributes and methods."""
    crowd = [Body(float(n), 0.0) for n in range(12)]
    for _ in range(1200):
        for body in crowd:
            body.step(crowd)


def calls() -> None:
    """Recursion."""

    def fib(n: int) -> int:
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    fib(24)


def containers() -> None:
    """Dicts, lists, comprehensions, generators and text."""
    table: dict[str, list[int]] = {}
    for n in range(12_000):
        table.setdefault(f"key {n % 97}", []).append(n)
    sorted(sum(value) for value in table.values())
    json.loads(json.dumps(table))


def errors() -> None:
    """Exceptions that are handled."""
    for n in range(120_000):
        try:
            if n % 3 == 0:
                raise ValueError(n)
        except ValueError:
            continue


def http(server: object) -> None:
    """Requests to an HTTP server in a thread of this program."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    for _ in range(60):
        connection.request("GET", "/items?n=3")
        connection.getresponse().read()
    connection.close()


def http_server() -> object:
    """Start the server."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits 40 ms for the kernel

        def do_GET(self) -> None:
            body = json.dumps({"path": self.path, "items": list(range(50))}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def fastapi_app() -> object:
    """Return an application with one route, None without FastAPI."""
    try:
        from fastapi import FastAPI
    except ImportError:
        return None
    app = FastAPI()

    @app.get("/items/{name}")
    async def items(name: str, n: int = 3) -> dict[str, object]:
        return {"name": name, "items": list(range(n))}

    return app


def fastapi(app: object) -> None:
    """Requests to a FastAPI application, called as an ASGI server calls it."""

    async def serve() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, object]) -> None:
            pass

        for _ in range(60):
            scope = {
                "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": "/items/a", "raw_path": b"/items/a",
                "query_string": b"n=5", "headers": [], "scheme": "http", "server": ("a", 80), "client": ("b", 1), "root_path": "",
            }  # fmt: skip
            await app(scope, receive, send)

    asyncio.run(serve())


def main() -> None:
    """Run everything round by round."""
    server, app = http_server(), fastapi_app()
    work = {"bodies": bodies, "calls": calls, "containers": containers, "errors": errors, "http": lambda: http(server)}
    if app is not None:
        work["fastapi"] = lambda: fastapi(app)
    took: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(int(sys.argv[1])):
        for name, run in work.items():
            begun = time.perf_counter()
            run()
            took[name].append(time.perf_counter() - begun)
    print(json.dumps(took))


if __name__ == "__main__":
    main()
