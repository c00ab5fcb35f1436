import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").strip() == "ann True"
from datetime import datetime, date
from audit import Audit
a = Audit(); a.record("x", datetime(2024, 1, 2, 3, 4, 5)); e = json.loads(a.lines()[0]); assert datetime.fromisoformat(e["at"]) == datetime(2024, 1, 2, 3, 4, 5)
assert a.first_day() == date(2024, 1, 2)
