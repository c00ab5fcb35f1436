import sys

sys.path.insert(0, ".")

from summarise import Summariser

s = Summariser()
assert s.summarise("alpha beta gamma") == "alpha beta g"
assert s.summarise("alpha beta gamma") == "alpha beta g"
assert s.summarise("alpha beta gamma") == "alpha beta g"
assert s.cache.hits == 2
assert s.summarise("x") == "x" and s.cache.hits == 2
