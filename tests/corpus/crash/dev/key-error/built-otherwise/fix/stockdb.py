class StockDb:
    """Stock by warehouse and SKU, in one flat table."""

    def __init__(self):
        self.table = {}

    def put(self, warehouse, sku, count):
        self.table[f"{warehouse}/{sku}"] = count

    def get(self, warehouse, sku):
        """The stock; raises KeyError for what was never put in."""
        return self.table[f"{warehouse}/{sku}"]

    def warehouses(self):
        return sorted({key.split("/")[0] for key in self.table})
