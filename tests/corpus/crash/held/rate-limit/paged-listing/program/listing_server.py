import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ITEMS = [f"item-{n:02d}" for n in range(17)]
PAGE = 5


class Listing(BaseHTTPRequestHandler):
    in_a_row = 0
    blocked_until = 0.0

    def do_GET(self):
        cls = type(self)
        start = int(parse_qs(urlsplit(self.path).query).get("from", ["0"])[0])
        now = time.monotonic()
        if now < cls.blocked_until:
            return self.give(429, {"error": "too many requests"}, {"Retry-After": "1"})
        if cls.in_a_row >= 2:
            cls.in_a_row, cls.blocked_until = 0, now + 0.9
            return self.give(429, {"error": "too many requests"}, {"Retry-After": "1"})
        cls.in_a_row += 1
        more = start + PAGE < len(ITEMS)
        self.give(200, {"items": ITEMS[start : start + PAGE], "next": start + PAGE if more else None})

    def give(self, status, value, headers=None):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def start():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
