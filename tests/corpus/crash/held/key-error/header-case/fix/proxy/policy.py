def max_age(headers: dict[str, str]) -> int:
    """Seconds an answer may be kept; 0 where it may not be kept."""
    age = 0
    for part in headers["cache-control"].split(","):
        name, _, value = part.strip().partition("=")
        if name == "no-store":
            return 0
        if name == "max-age":
            age = int(value)
    return age
