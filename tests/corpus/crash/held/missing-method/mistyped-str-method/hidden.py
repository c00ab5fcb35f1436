import sys

sys.path.insert(0, ".")

import customers
from app import load

assert customers.normalise_name("  jean  bartik ") == "Jean Bartik"
assert customers.normalise_name("x") == "X"
assert [c.name for c in load("1,  a b,A@B.C \n2,c,d@e.f\n")] == ["A B", "C"]
