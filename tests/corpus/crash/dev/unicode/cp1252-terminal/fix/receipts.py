from decimal import Decimal


def receive(connection):
    chunks = []
    while chunk := connection.recv(16):
        chunks.append(chunk)
    connection.close()
    return b"".join(chunks).decode("cp1252").splitlines()


def read_receipt(connection):
    """Items with their prices, and the sum; raises ValueError where the sum is wrong."""
    rows = [line.split("|") for line in receive(connection)]
    prices = {name: Decimal(price.removesuffix(" €")) for name, price in rows}
    total = prices.pop("SUMME")
    if sum(prices.values()) != total:
        raise ValueError("the receipt does not add up")
    return prices, total
