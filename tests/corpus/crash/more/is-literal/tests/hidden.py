import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
from textkit.mode import width_of
assert [width_of("".join(list(w))) for w in ("wide", "narrow", "x")] == [120, 40, 80]
run("-m", "pytest", "-q", "-p", "no:cacheprovider")
