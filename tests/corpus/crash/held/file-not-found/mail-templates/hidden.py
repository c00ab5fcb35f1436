import sys

sys.path.insert(0, "")
import app
from mailer.render import render

messages = app.run(app.CUSTOMERS).messages
assert messages[1] == ("Bob", "Dear Bob,\ninvoice 1002 over EUR 7.50 is still open."), messages
assert render("thanks", {"name": "Cy"}) == "Thank you, Cy."
try:
    render("nothing-there", {})
    raise SystemExit("a template that is not there was accepted")
except OSError:
    pass
