from datetime import datetime, timedelta, timezone


def in_minutes(minutes):
    """Seconds since 1970 of the time in so many minutes."""
    return int((datetime.now(timezone.utc) + timedelta(minutes=minutes)).timestamp())
