"""Geometry of the printed lists, in tenths of a millimetre."""

PAGE_HEIGHT = 2500
ROW_HEIGHT = 100


def rows_per_page() -> int:
    """How many rows fit on a page."""
    return PAGE_HEIGHT // ROW_HEIGHT


def page_count(rows: int) -> int:
    per_page = rows_per_page()
    return (rows + per_page - 1) // per_page


def page_of(row: int) -> int:
    """The page (from 1) that a row (from 0) is printed on."""
    return row // rows_per_page() + 1
