import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
assert run("app.py").splitlines() == ["['a', 'b', 'c', 'd']", "['d']"]
from graph import Graph
g = Graph(); g.link(1, 1); g.link(1, 2); g.link(3, 2); assert g.reachable(1) == {1, 2} and g.reachable(3) == {2, 3} and g.reachable(1) == {1, 2}
