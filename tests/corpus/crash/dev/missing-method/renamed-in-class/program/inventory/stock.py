class OutOfStock(Exception):
    pass


class Inventory:
    def __init__(self):
        self._levels = {}

    def add_stock(self, sku, count):
        self._levels[sku] = self._levels.get(sku, 0) + count

    def withdraw(self, sku, count):
        """Take goods out of the store; returns what is left."""
        left = self._levels.get(sku, 0) - count
        if left < 0:
            raise OutOfStock(sku)
        self._levels[sku] = left
        return left

    def level(self, sku):
        return self._levels.get(sku, 0)
