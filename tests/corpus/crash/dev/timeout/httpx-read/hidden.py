import sys

sys.path.insert(0, ".")

import server
from reports import ReportClient

client = ReportClient(server.start())
assert client.total(["daily", "cold-march"]) == 15
assert client.rows("cold-x") == 6
server.Reports.hits = 0
assert client.rows("weekly") == 6 and server.Reports.hits == 1
