import os


def parse(line):
    sku, quantity, price = line.strip().split(";")
    return {"sku": sku, "quantity": int(quantity), "price": float(price)}


def read_file(path):
    with open(path, encoding="utf-8") as handle:
        return [parse(line) for line in handle if line.strip()]


def read_all(folder):
    """Every order of every .ord file of the folder, with the partner, which is the file's name."""
    orders = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".ord"):
            continue
        partner = os.path.splitext(name)[0]
        for order in read_file(name):
            order["partner"] = partner
            orders.append(order)
    return orders
