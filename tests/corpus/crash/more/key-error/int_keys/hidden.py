import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").splitlines() == ["ann", "False True"]
import io
from seats import Plan
p = Plan(); p.take(1, "z"); s = io.StringIO(); p.save(s); s.seek(0); q = Plan.load(s); q.take(2, "y")
assert q.who(1) == "z" and q.who(2) == "y" and not q.free(1) and not q.free(2)
