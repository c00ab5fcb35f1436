"""The collector the field gateways talk to."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY = 2048


class Collector(BaseHTTPRequestHandler):
    received = []
    requests = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).requests += 1
        if len(body) > MAX_BODY:
            self.send_error(413, "Payload Too Large", "at most %d bytes" % MAX_BODY)
            return
        self.received.extend(json.loads(body)["readings"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


def start():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%d" % server.server_port
