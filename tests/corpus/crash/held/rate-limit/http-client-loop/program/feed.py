import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRICES = {"gold": 71.2, "silver": 0.88, "copper": 0.009, "tin": 0.03}


class Feed(BaseHTTPRequestHandler):
    window = 1.0
    allowed = 2
    stamps: list = []

    def do_GET(self):
        now = time.monotonic()
        cls = type(self)
        cls.stamps = [s for s in cls.stamps if now - s < cls.window]
        metal = self.path[1:]
        if len(cls.stamps) >= cls.allowed:
            self.finish_with(429, b"", {"Retry-After": "1"})
        elif metal not in PRICES:
            self.finish_with(404, b"unknown metal")
        else:
            cls.stamps.append(now)
            self.finish_with(200, json.dumps(PRICES[metal]).encode())

    def finish_with(self, status, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def open_feed():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address
