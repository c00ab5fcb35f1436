class Archive:
    def __init__(self):
        self.tickets = {}

    def store(self, ticket):
        if ticket["number"] in self.tickets:
            raise RuntimeError(f"ticket {ticket['number']} is there already")
        self.tickets[ticket["number"]] = ticket
