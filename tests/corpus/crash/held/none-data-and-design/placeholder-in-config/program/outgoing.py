class Relay:
    def __init__(self, values):
        self.values = values

    def describe(self):
        return f"{self.values['user']}@{self.values['host']}:{self.values.get('port', 587)}"
