import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Courier(BaseHTTPRequestHandler):
    """Allows three requests, then asks for a pause."""

    burst = 3
    pause = 1
    used = 0
    free_at = 0.0

    def do_GET(self):
        cls = type(self)
        now = time.monotonic()
        if cls.used >= cls.burst:
            if not cls.free_at:
                cls.free_at = now + cls.pause
            if now < cls.free_at:
                self.send_response(429, "Too Many Requests")
                self.send_header("Retry-After", str(cls.pause))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            cls.used, cls.free_at = 0, 0.0
        cls.used += 1
        body = json.dumps({"parcel": self.path.rsplit("/", 1)[-1], "state": "in transit"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def start():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Courier)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
