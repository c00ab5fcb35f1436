from __future__ import annotations

from tracker.project import Project


class Task:
    def __init__(self, title: str, project: Project) -> None:
        self.title = title
        self.project = project
        self.done = False

    def close(self) -> None:
        self.done = True

    def describe(self) -> str:
        return f"{self.project.name}/{self.title}"
