class Bank:
    def __init__(self, balances, logger):
        self.balances = dict(balances)
        self.logger = logger

    def transfer(self, number, source, target, amount):
        if target not in self.balances:
            self.logger.warning("%s: no account %s", number, target)
            return
        self.balances[source] -= amount
        self.balances[target] += amount
        self.logger.info("%s: %s sent to %s: %s", number, source, target, amount)
