import sys

sys.path.insert(0, ".")

import api
from client import Client

client = Client(api.serve())
assert client.call("GET", "/notes/2") == ({"id": "2", "text": "bread"}, 200)
assert client.call("DELETE", "/notes/2") == (None, 204)
assert client.call("GET", "/notes/2") == ({"error": "gone"}, 404)
api.Notes.do_GET = lambda self: (self.send_response(200), self.send_header("Content-Length", "5"), self.end_headers(), self.wfile.write(b"<html"))
try:
    client.call("GET", "/x")
except ValueError:
    pass
else:
    raise AssertionError("an answer that is not JSON must fail")
