import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").splitlines() == ["system: boot", "ui: press at 3,4"]
from events import Click, Event
assert Click("a", x=1, y=2).source == "system" and Event("q", "w").source == "w"
try: Click("a")
except TypeError: pass
else: raise SystemExit("x and y must stay required")
