from dataclasses import dataclass, field


def no_shifts():
    return {1: [], 2: [], 3: []}


@dataclass
class Roster:
    people: dict = field(default_factory=dict)
    shifts: dict = field(default_factory=no_shifts)

    def assign(self, person, shift):
        self.people[person.name] = person
        self.shifts[shift].append(person.name)
