import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

NOTES = {"1": "milk", "2": "bread"}


class Notes(BaseHTTPRequestHandler):
    def do_GET(self):
        key = self.path.rsplit("/", 1)[-1]
        if key in NOTES:
            self.give(200, {"id": key, "text": NOTES[key]})
        else:
            self.give(404, {"error": "gone"})

    def do_DELETE(self):
        NOTES.pop(self.path.rsplit("/", 1)[-1], None)
        self.send_response(204)
        self.end_headers()

    def give(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def serve():
    server = HTTPServer(("127.0.0.1", 0), Notes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
