import sys

sys.path.insert(0, ".")

import subprocess

import accesslog

text = "# head\n\n1.1.1.1 GET /a 200 5\n   \n2.2.2.2 GET /b 500 9\n# tail\n"
entries = accesslog.read(text)
assert len(entries) == 2 and all(entries), entries
assert entries[1] == {"host": "2.2.2.2", "path": "/b", "status": 500, "ms": 9}
assert accesslog.slowest(entries) == "/b"
assert accesslog.by_status(entries) == {200: 1, 500: 1}
done = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True)
assert done.stdout.splitlines() == ["4 requests, slowest /order", "200 2", "201 1", "404 1"], done
