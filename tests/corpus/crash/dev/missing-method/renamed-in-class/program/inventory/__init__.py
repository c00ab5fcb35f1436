from inventory.stock import Inventory, OutOfStock

__all__ = ["Inventory", "OutOfStock"]
