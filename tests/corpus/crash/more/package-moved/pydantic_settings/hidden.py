import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").strip() == "3 shop"
e = dict(os.environ, SHOP_TITLE="deli", SHOP_WORKERS="9")
assert run("app.py", env=e).strip() == "9 deli"
