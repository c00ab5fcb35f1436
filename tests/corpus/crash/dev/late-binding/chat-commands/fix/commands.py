class Registry:
    def __init__(self):
        self.commands = {"hello": lambda: "hello yourself"}
        self.counts = {}

    def command(self, name, function):
        if name in self.commands:
            raise ValueError(f"!{name} is taken")
        self.commands[name] = function

    def order(self, drink):
        self.counts[drink] += 1
        return f"{drink} no. {self.counts[drink]}"

    def handle(self, line):
        name = line.removeprefix("!")
        if name == "help":
            return " ".join(sorted(self.commands))
        function = self.commands.get(name)
        return function() if function else "what?"


def install_counters(registry, drinks):
    for drink in drinks:
        registry.counts[drink] = 0
        registry.command(drink, lambda drink=drink: registry.order(drink))
