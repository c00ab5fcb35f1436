import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").splitlines() == ["[2, -1, 4, -6, 0, 4]", "[1, 3]"]
from signal_tools import deltas
assert deltas([]) == [] and deltas([1]) == [] and deltas([1, 9]) == [8]
