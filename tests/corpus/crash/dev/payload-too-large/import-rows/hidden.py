import sys

sys.path.insert(0, ".")

from etl.load import load
from etl.warehouse import launch

for n in (0, 1, 99, 100, 101, 730):
    server = launch()
    rows = [{"id": i} for i in range(n)]
    assert load(f"http://127.0.0.1:{server.server_port}", rows) == n, n
    assert server.rows == rows, n
    server.shutdown()
