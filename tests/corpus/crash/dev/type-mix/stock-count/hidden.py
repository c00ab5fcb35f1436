import sys

sys.path.insert(0, "")
import stock
from warehouse.stock import NotEnough

assert stock.build(stock.FILE).levels == {"A1": 30, "B2": 7}
assert stock.build("sku,kind,quantity\nX,in,9\nX,in,10\nX,out,10\n").levels == {"X": 9}
try:
    stock.build("sku,kind,quantity\nX,in,9\nX,out,10\n")
    raise SystemExit("more went out than was there")
except NotEnough:
    pass
