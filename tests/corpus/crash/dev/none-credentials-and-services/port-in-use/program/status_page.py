from http.server import BaseHTTPRequestHandler, HTTPServer


class Status(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok\n")


class Server(HTTPServer):
    allow_reuse_address = False


def serve(port):
    return Server(("127.0.0.1", port), Status)
