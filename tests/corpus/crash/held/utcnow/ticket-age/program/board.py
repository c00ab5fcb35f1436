from datetime import datetime, timedelta, timezone


class Board:
    def __init__(self):
        self.tickets = []

    def add(self, ticket):
        self.tickets.append(ticket)

    def by_age(self):
        return sorted(self.tickets, key=lambda ticket: ticket.opened)

    def stale(self, days):
        limit = datetime.now(timezone.utc) - timedelta(days=days)
        return [ticket.title for ticket in self.tickets if ticket.opened < limit]
