from dataclasses import dataclass

from states import STEPS


class IllegalStep(Exception):
    pass


@dataclass
class Order:
    number: int
    state: str

    def move(self, state):
        if state not in STEPS[self.state]:
            raise IllegalStep(f"order {self.number} is {self.state} and cannot become {state}")
        self.state = state
