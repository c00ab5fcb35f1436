from pricing import final_price


class Checkout:
    def __init__(self, members):
        self.members = set(members)
        self.receipts = {}

    def buy(self, customer, *lines):
        self.receipts[customer] = final_price(lines, customer in self.members)
        return self.receipts[customer]
