import re

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+")


def check_person(data, errors):
    if not data.get("name", "").strip():
        errors.append("name is missing")
    if not EMAIL.fullmatch(data.get("email", "")):
        errors.append("email is not an address")


def check_address(data, errors):
    if not re.fullmatch(r"\d{4,5}", data.get("zip", "")):
        errors.append("zip must be 4 or 5 digits")


def validate(data, *checks, errors=None):
    """Run all checks; a caller may hand in the list to collect into."""
    if errors is None:
        errors = []
    for check in checks:
        check(data, errors)
    return errors
