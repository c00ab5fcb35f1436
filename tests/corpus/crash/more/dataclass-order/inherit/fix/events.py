from dataclasses import dataclass


@dataclass
class Event:
    name: str
    source: str = "system"


@dataclass(kw_only=True)
class Click(Event):
    x: int
    y: int


def describe(event):
    where = f" at {event.x},{event.y}" if isinstance(event, Click) else ""
    return f"{event.source}: {event.name}{where}"
