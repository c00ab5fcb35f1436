from datetime import datetime, timedelta


def in_minutes(minutes):
    """Seconds since 1970 of the time in so many minutes."""
    return int((datetime.utcnow() + timedelta(minutes=minutes)).timestamp())
