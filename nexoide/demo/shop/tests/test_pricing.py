import pytest

from shop import pricing
from shop.errors import NotFound
from shop.store import Line


def test_subtotal():
    assert pricing.subtotal([Line("tea", 2), Line("mug", 1)]) == 2 * 690 + 1450


def test_subtotal_of_an_unknown_product():
    with pytest.raises(NotFound):
        pricing.subtotal([Line("gold", 1)])


@pytest.mark.parametrize(("country", "cents"), [("SE", 390), ("DE", 790), ("GB", 1490)])
def test_shipping_by_country(country, cents):
    assert pricing.shipping_cost(400, country) == cents


def test_heavy_parcels_cost_more():
    assert pricing.shipping_cost(3800, "SE") == 390 + 3 * 150


def test_discount():
    assert pricing.discount(1000, "welcome10") == 100


def test_no_coupon_no_discount():
    assert pricing.discount(1000, None) == 0
