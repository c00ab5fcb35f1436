from datetime import date


def day(text):
    return date.fromisoformat(text).strftime("%A")
