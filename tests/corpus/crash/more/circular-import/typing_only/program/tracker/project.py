from __future__ import annotations

from tracker.task import Task


class Project:
    def __init__(self, name: str) -> None:
        self.name = name
        self.tasks: list[Task] = []

    def open(self, title: str) -> Task:
        task = Task(title, self)
        self.tasks.append(task)
        return task

    def progress(self) -> str:
        done = sum(t.done for t in self.tasks)
        return f"{self.name} {done}/{len(self.tasks)}"
