import sys

sys.path.insert(0, ".")

import subprocess

for first in ("import markup.nodes", "import markup.render", "import markup.parser", "import markup"):
    done = subprocess.run([sys.executable, "-c", first], capture_output=True, text=True)
    assert done.returncode == 0, (first, done.stderr)
from markup import parse, render

assert render("a *b* {addr}") == "a <b>b</b> 1 High St &amp; Co"
assert render("{sig}") == "-- <b>the team</b>"
assert [type(n).__name__ for n in parse("x*y*{sig}")] == ["Text", "Bold", "Include"]
