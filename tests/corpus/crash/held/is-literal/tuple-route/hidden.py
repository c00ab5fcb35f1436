import sys

sys.path.insert(0, "")
import train
from fares import fare
from trips import parse

assert [fare(parse(t)) for t in train.TRIPS] == [6.2, 6.2, 0.0, 41.9]
try:
    fare(parse("Wels-Graz"))
    raise SystemExit("a trip without a fare was sold")
except LookupError:
    pass
