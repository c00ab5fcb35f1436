from bank import Account
from transfers import run_standing_orders

if __name__ == "__main__":
    accounts = {"rent": Account("landlord", 0), "ann": Account("ann", 50_000), "gym": Account("gym", 0)}
    run_standing_orders(accounts, [("ann", "gym", 2_500), ("ann", "rent", 80_000)])
    print(accounts["ann"].cents)
