import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
import io
from reader import read_text
t = "naïve café – 100 € please ☃" * 3
for n in range(1, 12): assert read_text(io.BytesIO(t.encode()), n) == t
