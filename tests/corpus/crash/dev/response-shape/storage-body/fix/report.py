import json
from collections import Counter

from sources import Store, fetch


def totals(places: list[str], store: Store) -> Counter:
    counted: Counter = Counter()
    for place in places:
        document = fetch(place, store)
        text = document.text if hasattr(document, "text") else document.body.decode("utf-8")
        for row in json.loads(text):
            counted[row["sku"]] += row["sold"]
    return counted
