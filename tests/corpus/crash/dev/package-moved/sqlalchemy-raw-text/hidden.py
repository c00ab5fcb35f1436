import sys

sys.path.insert(0, ".")

from db import create_schema
from readings import average, store

create_schema()
store([{"sensor": "x", "value": 4.0}, {"sensor": "x", "value": 6.0}])
assert average("x") == 5.0
store([{"sensor": "x", "value": 2.0}])
assert average("x") == 4.0
assert average("'; DROP TABLE reading; --") is None
assert average("x") == 4.0
