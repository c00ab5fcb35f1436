import tempfile
from datetime import datetime, timezone
from pathlib import Path

from jobs import Job
from statefile import StateFile


def cycle(path, jobs):
    """Write the state and read it again, as after a restart."""
    StateFile(path).save(jobs)
    return StateFile(path).load()


def main():
    jobs = [Job("backup", datetime(2024, 5, 1, 3, 0, tzinfo=timezone.utc), 2), Job("sync", None, 0)]
    with tempfile.TemporaryDirectory() as folder:
        again = cycle(Path(folder) / "state.json", jobs)
    print(again)
    assert again == jobs


if __name__ == "__main__":
    main()
