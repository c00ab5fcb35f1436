import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
for tz in ("UTC", "America/New_York", "Asia/Tokyo"):
    e = dict(os.environ, TZ=tz)
    assert run("app.py", env=e).splitlines() == ["True", "False"]
    assert run("-c", "from tokens import TokenStore as T\ns=T(-5); print(s.valid(s.issue('x')))", env=e).strip() == "False"
