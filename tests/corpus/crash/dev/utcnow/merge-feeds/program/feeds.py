from merge import latest, merged
from sources import from_atom, from_counter

ATOM = [("2024-03-01T10:00:00+00:00", "release"), ("2024-03-01T13:30:00+02:00", "hotfix")]
COUNTER = [(1709290800, "spike"), (1709293000, "calm")]


def main():
    items = merged(from_atom(ATOM), from_counter(COUNTER))
    for item in items:
        print(item.at.isoformat(), item.title)
    print("latest:", latest(items).title)


if __name__ == "__main__":
    main()
