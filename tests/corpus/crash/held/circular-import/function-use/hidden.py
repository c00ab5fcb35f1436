import sys

sys.path.insert(0, ".")

import subprocess

for first in ("import crm.customers", "import crm.invoices", "import app"):
    done = subprocess.run([sys.executable, "-c", first], capture_output=True, text=True)
    assert done.returncode == 0, (first, done.stderr)
from crm.customers import may_order, name_of
from crm.invoices import INVOICES, open_invoices, statement

assert not may_order(1) and may_order(2)
INVOICES.append((2, 71))
assert not may_order(2)
assert statement(2) == "Globex: 101" and name_of(1) == "Acme" and open_invoices(1) == [80, 40]
