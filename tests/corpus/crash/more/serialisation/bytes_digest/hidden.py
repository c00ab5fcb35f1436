import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
import hashlib
assert run("app.py").strip() == "['a.txt', 'b.txt'] 40"
from manifest import build
assert json.loads(build({"x": b"1"})) == {"x": {"size": 1, "sha1": hashlib.sha1(b"1").hexdigest()}}
