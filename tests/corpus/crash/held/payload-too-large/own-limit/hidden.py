import sys

sys.path.insert(0, ".")

import server
import supplier

port = server.serve()
for name, rows in (("a", 1), ("b", 900), ("c", 1200)):
    assert supplier.upload(port, name, supplier.sheet(rows)) == 201
    assert server.SHEETS[name] == supplier.sheet(rows), name
