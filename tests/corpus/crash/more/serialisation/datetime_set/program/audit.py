import json


class Audit:
    def __init__(self):
        self._events = []

    def record(self, kind, at, **details):
        self._events.append({"kind": kind, "at": at, **details})

    def lines(self):
        return [json.dumps(event, sort_keys=True) for event in self._events]

    def first_day(self):
        return min(event["at"] for event in self._events).date()
