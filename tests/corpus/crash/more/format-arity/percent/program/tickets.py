from dataclasses import dataclass

HEAD = "%-5s %-8s %s" % ("id", "owner", "state")
ROW = "%05d %-8s %s"


@dataclass
class Ticket:
    number: int
    owner: str
    state: str

    def row(self):
        return ROW % (self.number, self.owner)


def table(tickets):
    return "\n".join([HEAD, *(ticket.row() for ticket in tickets)])
