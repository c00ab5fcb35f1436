from __future__ import annotations


def growth(previous: int, current: int) -> float | None:
    """Growth in percent; None where there was nothing to grow from."""
    return round((current - previous) * 100 / previous, 1)


def show(value: float | None) -> str:
    return "new" if value is None else f"{value:+.1f} %"
