from pay import card, wallet

PROVIDERS = {"card": card.charge, "wallet": wallet.charge}


def settle(orders):
    """Charge every order; returns (captured cents, ids still pending)."""
    captured = 0
    pending = []
    for order in orders:
        payment = PROVIDERS[order["by"]](order)
        if not isinstance(payment, dict):
            payment = {name: getattr(payment, name) for name in ("id", "amount", "state")}
        if payment["state"] == "captured":
            captured += payment["amount"]
        else:
            pending.append(payment["id"])
    return captured, pending
