import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
for tz in ("UTC", "Asia/Tokyo"):
    e = dict(os.environ, TZ=tz)
    assert run("app.py", env=e).strip() == "['new.txt']"
    assert run("-c", "from files import Snapshot as S; print(S({'a': 1700000000+1800, 'b': 1700000000-1800}).newer_than('2023-11-14T22:13:20+00:00'))", env=e).strip() == "['a']"
