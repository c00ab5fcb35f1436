import sys

sys.path.insert(0, ".")

import socket
from decimal import Decimal

import till
from receipts import read_receipt

prices, total = read_receipt(till.connect())
assert prices == {"Kaffee Crème": Decimal("3.20"), "Brötchen": Decimal("0.90")} and total == Decimal("4.10"), prices


def wire(text):
    a, b = socket.socketpair()
    b.sendall(text.encode("cp1252"))
    b.close()
    return a


assert read_receipt(wire("“Früh”|1.00 €\r\nSUMME|1.00 €\r\n"))[0] == {"“Früh”": Decimal("1.00")}
try:
    read_receipt(wire("A|1.00 €\r\nSUMME|2.00 €\r\n"))
except ValueError:
    pass
else:
    raise AssertionError("a wrong sum must fail")
