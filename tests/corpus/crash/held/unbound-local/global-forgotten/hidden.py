import sys

sys.path.insert(0, ".")

from documents import credit_note, invoice
from numbers_ import issued

a = invoice(5)
b = invoice(6)
c = credit_note(a)
assert (a.number, b.number, c.number, c.amount) == ("INV-2024-0001", "INV-2024-0002", "CRN-2024-0003", -5)
assert issued() == ["INV-2024-0001", "INV-2024-0002", "CRN-2024-0003"]
