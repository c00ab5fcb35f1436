from enum import Enum


class State(Enum):
    OPEN = "open"
    SENT = "sent"
    RETURNED = "returned"

    @property
    def final(self):
        return self is not State.OPEN


class Order:
    def __init__(self, number, state, tracking=None):
        self.number = number
        self.state = state
        self.tracking = tracking
