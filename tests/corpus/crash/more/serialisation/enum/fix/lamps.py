import json
from collections import namedtuple
from enum import Enum


class State(Enum):
    ON = "on"
    OFF = "off"
    BROKEN = "broken"


Lamp = namedtuple("Lamp", "room state")


def dump(lamps):
    return json.dumps([{"room": lamp.room, "state": lamp.state.value} for lamp in lamps])


def load(text):
    return [Lamp(row["room"], State(row["state"])) for row in json.loads(text)]
