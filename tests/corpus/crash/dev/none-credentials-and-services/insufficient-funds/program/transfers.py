def transfer(source, target, cents):
    source.withdraw(cents)
    target.deposit(cents)


def run_standing_orders(accounts, orders):
    for source, target, cents in orders:
        transfer(accounts[source], accounts[target], cents)
