import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
from inventory import Stock
s = Stock(); s.receive("x-1 ", 4)
assert s.pick("X1", 9) == 4 and s.pick("x1", 1) == 0
run("-m", "pytest", "-q", "-p", "no:cacheprovider")
