from datetime import datetime


def parse_day(text):
    return datetime.strptime(text.strip(), "%Y-%m-%d").date()
