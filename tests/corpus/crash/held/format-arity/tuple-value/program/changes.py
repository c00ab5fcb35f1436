from typing import NamedTuple


class Change(NamedTuple):
    field: str
    old: object
    new: object


def diff(before, after):
    return [Change(name, before[name], after[name]) for name in before if before[name] != after[name]]
