class NotEnough(Exception):
    pass


class Stock:
    def __init__(self):
        self.levels = {}

    def apply(self, movement):
        level = self.levels.get(movement.sku, 0)
        if movement.kind == "in":
            level = level + movement.quantity
        elif movement.kind == "out":
            if movement.quantity > level:
                raise NotEnough(movement.sku)
            level -= movement.quantity
        else:
            raise ValueError(movement.kind)
        self.levels[movement.sku] = level
