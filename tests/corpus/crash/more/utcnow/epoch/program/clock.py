from datetime import datetime


def epoch_now():
    """Seconds since 1970-01-01 00:00 UTC."""
    return datetime.utcnow().timestamp()


def since(epoch):
    """Whole minutes since an epoch."""
    return int((epoch_now() - epoch) // 60)
