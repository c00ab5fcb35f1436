import sys

sys.path.insert(0, "")
import quote
from carriers import offer_for

assert quote.quotes(quote.PARCELS) == [("DE", 5.5), ("CH", 10.0), ("JP", 32.0)]
assert offer_for("XX").name == "world" and offer_for("AT").name == "alps"
