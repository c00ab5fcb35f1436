from warehouse.movements import read_movements
from warehouse.stock import Stock

FILE = """sku,kind,quantity
A1,in,40
A1,out,15
B2,in,7
A1,in,5
"""


def build(text):
    stock = Stock()
    for movement in read_movements(text):
        stock.apply(movement)
    return stock


def main():
    for sku, quantity in sorted(build(FILE).levels.items()):
        print(f"{sku:>4} {quantity:>5}")


if __name__ == "__main__":
    main()
