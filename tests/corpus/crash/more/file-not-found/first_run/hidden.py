import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").strip() == "1 2 3"
import tempfile, pathlib
from counter import Counter
p = pathlib.Path(tempfile.mkdtemp()) / "c"; assert Counter(p).value() == 0; p.write_text("7"); assert Counter(p).bump() == 8
p.write_text("zz")
try: Counter(p).value()
except ValueError: pass
else: raise SystemExit("a broken file must be told")
