from bookings import parse, total
from make_export import export

ROWS = [("account", "text", "cents"), ("8400", "Erlöse", 12000), ("1200", "Bank", -500), ("8400", "Erlöse", 300)]

if __name__ == "__main__":
    raw = export(ROWS)
    print(len(parse(raw)), "bookings")
    print("8400:", total(raw, "8400"))
