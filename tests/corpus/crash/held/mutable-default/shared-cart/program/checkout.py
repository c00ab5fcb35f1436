def checkout(cart, expected):
    """Refuse a cart that holds another number of items than its owner saw on the screen."""
    if len(cart.items) != expected:
        raise RuntimeError(f"{cart.customer} chose {expected} items, the cart holds {len(cart.items)}")
    return f"{cart.customer}: {cart.total:.2f} {cart.currency}"
