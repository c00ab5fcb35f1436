"""HTTP around the shop: JSON in, JSON out, one thread a connection."""

from __future__ import annotations

import json
import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shop.app import Shop
from shop.errors import ShopError

log = logging.getLogger("shop")

MAX_BODY = 64 * 1024


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        self.respond({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            self.send(413, {"error": "the body is too large"})
            return
        try:
            body = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            self.send(400, {"error": "the body is not JSON"})
            return
        self.respond(body if isinstance(body, dict) else {})

    def respond(self, body: dict[str, Any]) -> None:
        path = self.path.partition("?")[0]
        try:
            status, answer = self.server.shop.dispatch(self.command, path, body)
        except ShopError as error:
            status, answer = error.status, {"error": str(error)}
        except Exception:
            log.exception("%s %s failed", self.command, path)
            status, answer = 500, {"error": "internal error"}
        self.send(status, answer)

    def send(self, status: int, answer: Any) -> None:
        payload = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], shop: Shop) -> None:
        super().__init__(address, Handler)
        self.shop = shop
