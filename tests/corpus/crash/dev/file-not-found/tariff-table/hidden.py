import sys

sys.path.insert(0, "")
import quote
from rates import UnknownCountry

assert quote.quote("DE", 12.5) == 11.40
assert quote.quote("JP", 5) == 19.0
try:
    quote.quote("XX", 1)
    raise SystemExit("an unknown country was accepted")
except UnknownCountry:
    pass
