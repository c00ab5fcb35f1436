import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
from bank.plan import plan
rows = list(plan(1200, 0.05, 12)); assert abs(rows[-1][2]) < .01 and abs(rows[0][0] - 4.89) < .01, rows
rows = list(plan(120, 0.0, 12)); assert rows[0] == (0, 10, 110), rows
