from inventory.stock import OutOfStock


def pick(inventory, lines):
    """Take the lines of an order; returns the SKUs that could not be picked."""
    missing = []
    for sku, count in lines:
        try:
            inventory.withdraw(sku, count)
        except OutOfStock:
            missing.append(sku)
    return missing


def write_off(inventory, sku, count, log):
    left = inventory.remove_stock(sku, count)
    log.append(f"{sku}: {count} written off, {left} left")
    return left
