import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


class Registry(BaseHTTPRequestHandler):
    """A package registry that knows one token."""

    token = "t-2031-current"

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            self.answer(401, {"error": "invalid or expired token"})
        else:
            self.answer(200, {"name": self.path[1:], "version": "4.1.0"})

    def answer(self, status: int, value: dict) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


def start() -> str:
    server = HTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
