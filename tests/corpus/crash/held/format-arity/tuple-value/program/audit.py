from changes import Change, diff
from trail import Trail

BEFORE = {"name": "db1", "position": (3, 4), "labels": ("ssd",), "note": None}
AFTER = {"name": "db2", "position": (3, 5), "labels": ("ssd", "eu"), "note": ""}


def run(before, after):
    trail = Trail()
    for change in diff(before, after):
        trail.record(change)
    return trail


def main():
    print("\n".join(run(BEFORE, AFTER).lines))


if __name__ == "__main__":
    main()
