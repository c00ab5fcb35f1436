import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
from billing.balance import balance, largest, statement
from billing.importer import from_cash
assert balance([], [("d", "7"), ("d", 5)]) == 12
assert largest([("d", "t", "3")], [("d", "-10")]) == "cash"
assert statement([from_cash("d", 250)]) == ["d cash 2.50"]
