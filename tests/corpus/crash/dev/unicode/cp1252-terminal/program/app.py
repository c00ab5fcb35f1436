import till
from receipts import read_receipt

if __name__ == "__main__":
    prices, total = read_receipt(till.connect())
    for name, price in prices.items():
        print(ascii(name), price)
    print("total", total)
