import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
o = run("app.py").splitlines()
assert "x=4.0" in o[0] and "y=2.0" in o[0] and "x=0.0" in o[1] and "y=4.0" in o[1], o
