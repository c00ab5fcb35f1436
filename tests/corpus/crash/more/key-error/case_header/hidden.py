import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").splitlines() == ["GET /index 12", "9f"]
from http_parse import parse_head
assert parse_head("GET / H\r\nX-TRACE: zz\r\n\r\n").trace() == "zz"
assert parse_head("GET / H\r\nContent-LENGTH: 5\r\n\r\n").length() == 5
