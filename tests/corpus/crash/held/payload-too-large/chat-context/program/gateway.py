"""A stand-in for the model gateway: takes at most LIMIT characters of messages."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LIMIT = 1500
SEEN = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        total = sum(len(m["content"]) for m in data["messages"])
        if total > LIMIT:
            self.answer(413, {"error": "context too large", "limit": LIMIT, "got": total})
        else:
            SEEN.append(data["messages"])
            self.answer(200, {"reply": "re: " + data["messages"][-1]["content"][:20]})

    def answer(self, status, value):
        raw = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args):
        pass


def start():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
