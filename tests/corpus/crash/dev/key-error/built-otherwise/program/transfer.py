from stockdb import StockDb


def transfer(db: StockDb, sku: str, source: str, target: str, count: int) -> None:
    left = db.get(source, sku) - count
    if left < 0:
        raise ValueError(f"{source} has too little {sku}")
    db.put(target, sku, db.get(target, sku) + count)
    db.put(source, sku, left)
