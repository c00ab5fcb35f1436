import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
o = subprocess.run([sys.executable, "-B", "src/app.py"], capture_output=True, text=True); assert o.stdout == "Hello\nMoi\n", o.stderr
o = subprocess.run([sys.executable, "-B", os.path.abspath("src/app.py")], capture_output=True, text=True, cwd="/"); assert o.stdout == "Hello\nMoi\n", o.stderr
