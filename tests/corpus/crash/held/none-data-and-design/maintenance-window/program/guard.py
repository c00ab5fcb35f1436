class MaintenanceStop(BaseException):
    """Not an Exception, so that no step can catch it by accident."""


def check(path):
    """Stop the batch at once while operations keep the system closed (they make and remove the file)."""
    if path.exists():
        raise MaintenanceStop(path.read_text().strip())
