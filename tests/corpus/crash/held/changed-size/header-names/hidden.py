import sys

sys.path.insert(0, "")
import gateway
from headers import normalise

assert [gateway.handle(r) for r in gateway.REQUESTS] == [("orders", "acme:application/json:3"), ("health", None)]
h = {"Cookie": "a=1", "AUTHORIZATION": "x", "Host": " h ", "ok": "1"}
assert normalise(h) == {"cookie": "***", "authorization": "***", "host": "h", "ok": "1"}
big = {f"X-Name-{n}": str(n) for n in range(50)}
assert normalise(big) == {f"x-name-{n}": str(n) for n in range(50)}
