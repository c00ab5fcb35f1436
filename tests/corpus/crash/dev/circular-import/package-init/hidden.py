import sys

sys.path.insert(0, ".")

import subprocess

for first in ("import mailer.client", "import mailer.templates", "import mailer", "from mailer import Client, VERSION, render"):
    done = subprocess.run([sys.executable, "-c", first], capture_output=True, text=True)
    assert done.returncode == 0, (first, done.stderr)
import mailer

message = mailer.Client("s").send("t", "shipped", number=5)
assert message == {"From": "s", "To": "t", "X-Mailer": "mailer/2.3.1", "Body": "Order 5 is on its way."}
assert mailer.VERSION == "2.3.1" and mailer.render("welcome", name="x") == "Welcome, x."
