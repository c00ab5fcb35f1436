from dataclasses import dataclass


@dataclass
class Employee:
    name: str
    team: str
    salary: int


def to_employees(rows):
    return [Employee(row["name"], row["team"], int(row["salary"])) for row in rows if row["team"] != "-"]
