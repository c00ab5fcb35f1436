import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
from decimal import Decimal
assert "14.15" in run("app.py")
from ledger import Ledger
l = Ledger("x"); assert l.add("a", "1.005") == Decimal("1.01"), l.entries
assert l.total() == Decimal("1.01")
