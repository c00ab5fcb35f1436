from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass
class Task:
    title: str
    due: date | None


def load(text: str) -> list[Task]:
    tasks = []
    for line in text.splitlines():
        due, title = line.split(" ", 1)
        tasks.append(Task(title, None if due == "-" else date.fromisoformat(due)))
    return tasks
