import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS = {"north": 0.01, "south": 0.4}


class Reports(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        branch = self.path.strip("/")
        time.sleep(SECONDS.get(branch, 0.3))
        body = json.dumps({"branch": branch, "sales": len(branch) * 100}).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        return


def start() -> int:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Reports)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
