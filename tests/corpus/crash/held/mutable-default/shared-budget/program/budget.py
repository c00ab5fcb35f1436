class BudgetSpent(Exception):
    pass


class Budget:
    def __init__(self, pages=4):
        self.left = pages

    def spend(self):
        if self.left == 0:
            raise BudgetSpent("no page left")
        self.left -= 1
