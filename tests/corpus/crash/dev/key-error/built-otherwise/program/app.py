from stockdb import StockDb
from transfer import transfer

if __name__ == "__main__":
    db = StockDb()
    for warehouse, count in (("north", 40), ("south", 3)):
        db.put(warehouse, "A-1", count)
    transfer(db, "A-1", "north", "south", 15)
    print({name: db.get(name, "A-1") for name in db.warehouses()})
