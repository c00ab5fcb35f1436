import csv
import io


def parse(raw: bytes) -> dict[int, dict]:
    """Members by number, from the export of the club's website."""
    text = raw.decode("utf-8")
    members = {}
    for row in csv.DictReader(io.StringIO(text)):
        members[int(row["id"])] = {"name": row["name"], "since": int(row["since"])}
    return members


def jubilees(members: dict[int, dict], year: int, every: int = 5) -> list[str]:
    return sorted(m["name"] for m in members.values() if (year - m["since"]) % every == 0 and year > m["since"])
