def line(sku, price, quantity=1):
    return {"sku": sku, "price": price, "quantity": quantity}


def merge(lines):
    merged = {}
    for item in lines:
        if item["sku"] in merged:
            merged[item["sku"]]["quantity"] += item["quantity"]
        else:
            merged[item["sku"]] = dict(item)
    return list(merged.values())
