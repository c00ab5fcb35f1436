import pytest

from shop.errors import Conflict, NotFound
from shop.inventory import Inventory
from shop.orders import Orders
from shop.store import Line, Store


@pytest.fixture
def orders():
    return Orders(Store(), Inventory({"tea": 10, "mug": 1}))


def test_place_reserves_and_remembers(orders):
    order = orders.place("ada", [Line("tea", 2)])
    assert order.total == 2 * 690 + 390
    assert orders.inventory.level("tea") == 8
    assert orders.store.order(order.id) is order


def test_place_with_a_coupon(orders):
    assert orders.place("dora", [Line("mug", 1)], "TEATIME").total == 1450 - 217 + 790


def test_nothing_is_remembered_when_stock_is_short(orders):
    with pytest.raises(Conflict):
        orders.place("ada", [Line("mug", 2)])
    assert orders.store.stats()["orders"] == 0


def test_unknown_customer(orders):
    with pytest.raises(NotFound):
        orders.place("nobody", [Line("tea", 1)])


def test_cancelling_an_unknown_order(orders):
    with pytest.raises(NotFound):
        orders.cancel(99)
