from typing import Dict, Iterator, List, Tuple


class Course:
    def __init__(self, names: List[str]) -> None:
        self._marks: Dict[str, List[int]] = {name: [] for name in names}

    def mark(self, name: str, value: int) -> None:
        self._marks[name].append(value)

    def mean(self, name: str) -> float:
        """The mean mark of a student, 0.0 for one without marks."""
        marks = self._marks[name]
        return sum(marks) / len(marks)

    def report(self) -> Iterator[Tuple[str, float]]:
        for name in sorted(self._marks):
            yield name, self.mean(name)
