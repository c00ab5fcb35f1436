import json
from collections import Counter

from sources import Store, fetch


def totals(places: list[str], store: Store) -> Counter:
    counted: Counter = Counter()
    for place in places:
        document = fetch(place, store)
        for row in json.loads(document.text):
            counted[row["sku"]] += row["sold"]
    return counted
