import pytest

from shop.app import Shop
from shop.errors import NotFound, ShopError


@pytest.fixture
def shop():
    return Shop()


def test_an_order_over_its_route(shop):
    status, order = shop.dispatch("POST", "/orders", {"customer": "ben", "lines": [{"sku": "tin", "quantity": 3}]})
    assert (status, order["status"]) == (201, "placed")
    assert shop.dispatch("GET", f"/orders/{order['id']}", {})[1] == order
    assert shop.dispatch("GET", "/stats", {})[1]["orders"] == 1


@pytest.mark.parametrize("body", [{}, {"customer": "ben"}, {"customer": "ben", "lines": []}])
def test_incomplete_orders_are_refused(shop, body):
    with pytest.raises(ShopError):
        shop.dispatch("POST", "/orders", body)


def test_unknown_routes(shop):
    with pytest.raises(NotFound):
        shop.dispatch("GET", "/nothing", {})
