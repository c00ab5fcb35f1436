from datetime import date


def parse_day(text):
    """A calendar day as YYYY-MM-DD; raises ValueError for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"--day must be a day like 2024-01-31, not {text!r}") from error


def is_workday(day):
    return day.weekday() < 5
