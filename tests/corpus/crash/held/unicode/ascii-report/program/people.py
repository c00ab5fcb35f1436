from dataclasses import dataclass


@dataclass
class Person:
    name: str
    city: str
    hours: float


TEAM = [Person("Ann Smith", "Leeds", 31.5), Person("Zoë Müller", "Köln", 38.0), Person("Łukasz Wójcik", "Łódź", 12.25)]
