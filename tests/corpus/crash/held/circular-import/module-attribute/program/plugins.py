import settings

LEVEL = settings.DEFAULT_LEVEL.upper()
NAMES = ["mail", "_debug", "sms"]


def describe(name: str) -> str:
    return f"{name} [{LEVEL}]"
