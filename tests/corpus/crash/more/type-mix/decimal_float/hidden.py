import subprocess, sys, json, os, re
sys.path.insert(0, os.getcwd())
def run(*a, **k):
    r = subprocess.run([sys.executable, "-B", *a], capture_output=True, text=True, encoding="utf-8", timeout=30, **k)
    assert r.returncode == 0, r.stderr[-800:]
    return r.stdout
o = run("app.py").split(); assert o == ["20.01", "21.41"], o
from decimal import Decimal
import invoice
def Invoice(rate):
    one = invoice.Invoice(rate)
    try: one.gross()
    except TypeError: one = invoice.Invoice(Decimal(str(rate)))  # a class that wants Decimal is as right
    return one
i = Invoice(0.07); i.add(Decimal("2.50")); assert i.gross() == Decimal("2.68") and isinstance(i.gross(), Decimal), i.gross()
i = Invoice(0.07); i.add(Decimal("1000000000000000.50")); assert i.gross() == Decimal("1070000000000000.54"), i.gross()
