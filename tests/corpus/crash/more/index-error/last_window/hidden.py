import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").strip() == "[2.0, 3.0, 4.0]"
from smooth import moving
assert moving([1, 2], 3) == [] and moving([4, 6], 1) == [4, 6]
