from inventory import Inventory
from inventory.orders import pick, write_off


def main():
    store = Inventory()
    store.add_stock("mug", 12)
    store.add_stock("plate", 2)
    log = []
    print("missing", pick(store, [("mug", 3), ("plate", 5)]))
    write_off(store, "mug", 2, log)
    print(log[0])


main()
