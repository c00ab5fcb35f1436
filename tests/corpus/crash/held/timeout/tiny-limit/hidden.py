import sys

sys.path.insert(0, ".")

import app
import reporting

port = reporting.start()
assert app.total(port, ["north", "south"]) == 1000
assert app.fetch(port, "south") == {"branch": "south", "sales": 500}
assert app.fetch(port, "harbour") == {"branch": "harbour", "sales": 700}
assert app.total(port, []) == 0
