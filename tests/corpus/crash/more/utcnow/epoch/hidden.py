import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
import time
assert run("app.py").strip() == "1"
for tz in ("UTC", "America/New_York", "Asia/Tokyo"):
    assert abs(float(run("-c", "import clock; print(clock.epoch_now())", env=dict(os.environ, TZ=tz))) - time.time()) < 10
