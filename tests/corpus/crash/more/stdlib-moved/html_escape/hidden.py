import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
o = run("app.py"); assert o.strip() == "<h1>A &amp; B</h1><ul><li>x &lt; y</li><li>&quot;q&quot;</li></ul>", o
