from files import Snapshot


def main():
    snap = Snapshot({"new.txt": 1_700_000_500, "old.txt": 1_600_000_000})
    print(snap.newer_than("2023-11-14T22:13:20+00:00"))


main()
