import sys

sys.path.insert(0, ".")

import layout
from app import plan

assert layout.rows_per_page() == 25
assert [len(p) for p in plan(list("x" * 60)).values()] == [25, 25, 10]
assert layout.page_count(0) == 0 and layout.page_count(25) == 1 and layout.page_count(26) == 2
assert layout.page_of(24) == 1 and layout.page_of(25) == 2
