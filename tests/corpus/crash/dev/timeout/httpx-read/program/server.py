import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Reports(BaseHTTPRequestHandler):
    """Builds a report on the first request (slow) and keeps it for the next ones."""

    built: set = set()
    stuck: set = set()
    hits = 0

    def do_GET(self):
        type(self).hits += 1
        name = self.path.rsplit("/", 1)[-1]
        if name.startswith("cold") and name not in self.built or name in self.stuck:
            self.built.add(name)
            time.sleep(0.8)
        body = json.dumps({"name": name, "rows": len(name)}).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *args):
        pass


def start():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Reports)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
