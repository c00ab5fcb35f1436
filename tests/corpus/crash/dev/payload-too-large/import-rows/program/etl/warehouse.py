import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROWS_PER_REQUEST = 100


class Warehouse(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status = 200
        if len(rows) > ROWS_PER_REQUEST:
            status = 413
        else:
            self.server.rows.extend(rows)
        body = json.dumps({"max_rows": ROWS_PER_REQUEST, "accepted": len(rows) if status == 200 else 0}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def launch():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Warehouse)
    server.daemon_threads = True
    server.rows = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
