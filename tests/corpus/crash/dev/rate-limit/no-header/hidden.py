import sys

sys.path.insert(0, ".")

import httpx

from indexer.api import Node, run
from indexer.search import SearchClient

client = SearchClient(run())
for _ in range(2):
    assert client.search(q="lamp") == ["lamp", "lampshade"]
    assert client.search(q="zz") == []
    assert client.search(q="tab") == ["table", "tablet"]
before = Node.counter
try:
    client.search(query="lamp")
except httpx.HTTPStatusError as error:
    assert error.response.status_code == 400
else:
    raise AssertionError("a bad request must still fail")
