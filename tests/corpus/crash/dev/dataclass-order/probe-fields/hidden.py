import sys

sys.path.insert(0, "")
import app
from monitor.config import load
from monitor.probe import Probe
from monitor.schedule import plan

probes = load(app.TEXT)
assert [(p.name, p.interval, p.key) for p in probes] == [("home", 60, "GET https://example.org/"), ("login", 120, "GET https://example.org/login")]
assert plan(probes, 120) == [(60, "home"), (120, "home"), (120, "login")]
try:
    Probe(name="x")
    raise SystemExit("a probe without a url was made")
except TypeError:
    pass
