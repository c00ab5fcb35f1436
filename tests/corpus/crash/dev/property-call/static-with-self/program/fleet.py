from units import tons


class Truck:
    def __init__(self, name, capacity):
        self.name = name
        self.capacity = capacity
        self.loads = []

    @staticmethod
    def parse(text):
        name, _, capacity = text.partition(":")
        return Truck(name, tons(capacity.strip()))

    @staticmethod
    def free(self):
        return self.capacity - sum(weight for _, weight in self.loads)

    def load(self, name, weight):
        if weight > self.free():
            raise ValueError(f"{self.name} has no room for {name}")
        self.loads.append((name, weight))


def assign(trucks, loads):
    """Each load goes to the truck with the most room."""
    for name, weight in loads:
        max(trucks, key=lambda truck: truck.free()).load(name, weight)
    return trucks
