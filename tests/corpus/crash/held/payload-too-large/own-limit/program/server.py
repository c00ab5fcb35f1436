import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import settings

SHEETS: dict[str, str] = {}


class Uploads(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if length > settings.MAX_UPLOAD_BYTES:
            self.send_response(413)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        SHEETS[self.path.rsplit("/", 1)[-1]] = body.decode()
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


def serve() -> int:
    server = HTTPServer((settings.HOST, 0), Uploads)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
