"""Branch servers: older ones answer with a list, newer ones in pages."""

OLD = {"kiel": [{"sku": "a", "left": 3}, {"sku": "b", "left": 0}]}
PAGES = {
    "bonn": [
        {"items": [{"sku": "a", "left": 1}], "next": 1},
        {"items": [{"sku": "c", "left": 9}], "next": None},
    ]
}


def stock(branch, page=0):
    if branch in OLD:
        return OLD[branch]
    return PAGES[branch][page]
