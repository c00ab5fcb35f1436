import sys

sys.path.insert(0, "")
from client.api import Api
from client.request import build

sent = []
api = Api("http://f", sent.append)
api.upload("/x", "t1", b"abc")
api.public("/a")
api.private("/b", "t2")
api.public("/c")
assert sent[0].headers == {"Accept": "application/json", "Authorization": "Bearer t1", "Content-Length": "3"}
assert sent[1].headers == {"Accept": "application/json"}, sent[1].headers
assert sent[2].headers == {"Accept": "application/json", "Authorization": "Bearer t2"}
assert sent[3].headers == {"Accept": "application/json"}
assert build("GET", "u", headers={"Accept": "text/csv"}).headers == {"Accept": "text/csv"}
