import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").strip() == "dark 12"
import tempfile
from prefs import load
p = os.path.join(tempfile.mkdtemp(), "p.json"); open(p, "w", encoding="utf-8").write('{"theme": "\u00e9"}'); assert load(p) == {"theme": "\u00e9"}
