import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").strip() == "A-17: 13.05"
assert run("-c", "import shop.models, shop.services; print(1)").strip() == "1"
r = run("-c", "from shop.models import *\nfrom shop.services import price_line\ntry:\n  price_line(3)\nexcept TypeError: print('ok')")
assert r.strip() == "ok"
