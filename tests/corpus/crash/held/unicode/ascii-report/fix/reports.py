from pathlib import Path

from people import Person


def write_report(path: Path, people: list[Person]) -> int:
    with open(path, "w", encoding="utf-8") as handle:
        for person in people:
            handle.write(f"{person.name}\t{person.city}\t{person.hours:.2f}\n")
    return len(people)


def read_report(path: Path) -> list[Person]:
    with open(path, encoding="utf-8") as handle:
        rows = [line.rstrip("\n").split("\t") for line in handle]
    return [Person(name, city, float(hours)) for name, city, hours in rows]
