from pay import card, wallet

PROVIDERS = {"card": card.charge, "wallet": wallet.charge}


def settle(orders):
    """Charge every order; returns (captured cents, ids still pending)."""
    captured = 0
    pending = []
    for order in orders:
        payment = PROVIDERS[order["by"]](order)
        if payment["state"] == "captured":
            captured += payment["amount"]
        else:
            pending.append(payment["id"])
    return captured, pending
