import sys

sys.path.insert(0, "")
import menu
from kitchen import Kitchen
from orders import open_orders, split_by_station

k = Kitchen(split_by_station(open_orders(menu.ORDERS)))
assert k.stations() == ["cold", "hot"], k.stations()
assert k.dishes("hot") == ["stew (1)", "soup (4)"] and k.dishes("cold") == ["salad (2)"]
assert split_by_station([]) == {}
