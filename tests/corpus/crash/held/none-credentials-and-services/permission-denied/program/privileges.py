import os

NOBODY = 65534


def drop() -> None:
    """Give up root for the rest of the run, as daemons do."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
