"""Small helpers for text; everything about time lives in clock.py."""


def slug(text):
    return "-".join(text.lower().split())


def shorten(text, width=20):
    return text if len(text) <= width else text[: width - 1] + "…"
