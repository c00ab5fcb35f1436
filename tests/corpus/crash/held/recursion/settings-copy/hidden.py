import sys

sys.path.insert(0, "")
import copy

import run
from jobs import plan, run_job
from options import Options

assert [run_job(j) for j in plan(run.DEFAULTS, ["a", "b"])] == ["a@mail-0 x2 night+a", "b@mail-1 x2 night+b"]
assert run.DEFAULTS.tags == ["night"], "the defaults were changed"
calls = 0


def count(frame, event, _):
    global calls
    calls += event == "call" and frame.f_code.co_name == "__getattr__"


sys.setprofile(count)
o = copy.copy(Options({"x": 1}))
sys.setprofile(None)
assert calls < 50, f"{calls} calls for one copy"
assert o.x == 1 and "x" in o
try:
    o.missing
    raise SystemExit("a missing option was accepted")
except AttributeError:
    pass
