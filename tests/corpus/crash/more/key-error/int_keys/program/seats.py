import json


class Plan:
    def __init__(self, taken=None):
        self._taken = taken or {}

    def take(self, number: int, name: str) -> None:
        self._taken[number] = name

    def who(self, number: int) -> str:
        return self._taken[number]

    def free(self, number: int) -> bool:
        return number not in self._taken

    def save(self, handle):
        json.dump(self._taken, handle)

    @classmethod
    def load(cls, handle):
        return cls(json.load(handle))
