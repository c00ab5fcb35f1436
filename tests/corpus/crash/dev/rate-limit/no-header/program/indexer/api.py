"""A search node that refuses every third request in a row."""
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

WORDS = ["lamp", "lampshade", "table", "tablet", "chair"]


class Node(BaseHTTPRequestHandler):
    counter = 0

    def do_GET(self):
        type(self).counter += 1
        query = parse_qs(urlsplit(self.path).query)
        if "q" not in query:
            status, value = 400, {"error": "q is missing"}
        elif self.counter % 3 == 0:
            status, value = 429, {"error": "slow down"}
        else:
            status, value = 200, {"hits": [w for w in WORDS if w.startswith(query["q"][0])]}
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def run():
    server = HTTPServer(("127.0.0.1", 0), Node)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%s" % server.server_port
