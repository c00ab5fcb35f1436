"""The rate gateway of the treasury, as the night job sees it: every now and then its upstream is too slow."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RATES = {"USD": 1.08, "GBP": 0.85, "CHF": 0.95}
FAIL_FIRST = {"GBP": 2}
CALLS = []


class Rates(BaseHTTPRequestHandler):
    def do_GET(self):
        code = self.path.rsplit("/", 1)[-1]
        CALLS.append(code)
        if CALLS.count(code) <= FAIL_FIRST.get(code, 0):
            self.reply(504, {"error": "upstream timed out"})
        elif code in RATES:
            self.reply(200, {"code": code, "rate": RATES[code]})
        else:
            self.reply(404, {"error": "no such currency"})

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def serve():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Rates)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
