from growth import growth, show


class Sales:
    def __init__(self) -> None:
        self.by_month: dict[str, dict[str, int]] = {}

    def add(self, month: str, product: str, count: int) -> None:
        products = self.by_month.setdefault(month, {})
        products[product] = products.get(product, 0) + count

    def compare(self, before: str, after: str) -> dict[str, str]:
        old, new = self.by_month.get(before, {}), self.by_month.get(after, {})
        return {product: show(growth(old.get(product, 0), new.get(product, 0))) for product in sorted(old.keys() | new.keys())}
