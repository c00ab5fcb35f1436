from checkout import Checkout

if __name__ == "__main__":
    desk = Checkout(["ann"])
    desk.buy("ann", (10, 2))
    desk.buy("bob", (150, 2))
    desk.buy("cid", (10, 2), (5, 1))
    print(desk.receipts)
