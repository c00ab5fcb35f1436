from settings import SETTINGS


def title(kind: str) -> str:
    return f"{SETTINGS['company']} {kind} ({SETTINGS['region']})"


def amount(cents: int) -> str:
    return f"{cents / 100:.2f} {SETTINGS['currency']}"
