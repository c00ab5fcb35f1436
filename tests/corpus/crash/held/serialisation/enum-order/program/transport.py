import json

from model import Order, State


def to_json(order):
    return json.dumps(vars(order))


def from_json(text):
    data = json.loads(text)
    return Order(data["number"], State(data["state"]), data["tracking"])


class Wire:
    def __init__(self):
        self.frames = []

    def send(self, order):
        self.frames.append(to_json(order))

    def receive(self):
        frames, self.frames = self.frames, []
        return [from_json(frame) for frame in frames]
