from inventory import Stock, price_of


def test_pick_across_spellings():
    stock = Stock()
    stock.receive("ab-100", 5)
    assert stock.pick(" AB100", 3) == 3
    assert stock.pick("AB 100", 3) == 2


def test_price():
    assert price_of("cd-200") == 990
