import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").splitlines() == ["cache 10.0.0.6", "db 10.0.0.5", "localhost 127.0.0.1", "loop 127.0.0.1"]
from hosts import parse
assert parse("\n#x\n1.1.1.1 a\n\n") == {"a": "1.1.1.1"}
