from datetime import datetime


def stamp(moment: datetime) -> str:
    return moment.strftime("%d.%m.%Y %H:%M")


def parse_stamp(text: str) -> datetime:
    """The reverse of stamp()."""
    return datetime.strptime(text, "%d.%m.%y %H:%M")
