import sys

sys.path.insert(0, "")
import json

import orders
from model import Order, State
from transport import from_json, to_json

again = orders.round_trip([Order(n, s, t) for n, (s, t) in enumerate([(State.OPEN, None), (State.SENT, "x"), (State.RETURNED, "y")])])
assert [(o.number, o.state, o.tracking) for o in again] == [(0, State.OPEN, None), (1, State.SENT, "x"), (2, State.RETURNED, "y")]
assert json.loads(to_json(Order(3, State.SENT))) == {"number": 3, "state": "sent", "tracking": None}
o = Order(4, State.OPEN)
to_json(o)
assert o.state is State.OPEN and o.state.final is False and from_json(to_json(o)).state.final is False
