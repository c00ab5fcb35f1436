from tasks import Task


def agenda(tasks: list[Task]) -> list[str]:
    """By deadline; tasks without one come last, in the order in which they were written."""
    ordered = sorted(tasks, key=lambda task: task.due)
    return [f"{str(task.due or ''):<10} {task.title}" for task in ordered]


def next_due(tasks: list[Task]) -> Task:
    return min((task for task in tasks if task.due is not None), key=lambda task: task.due)
