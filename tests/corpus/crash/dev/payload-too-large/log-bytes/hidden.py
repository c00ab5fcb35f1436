import sys

sys.path.insert(0, ".")

from drain import open_drain
from shipper import Shipper

for lines in (
    [f"{n} ERROR " + "stack " * (n % 60) for n in range(80)],
    [f"{n} short" for n in range(130)],
    [f"{n} " + "ä" * 150 for n in range(60)],
    ["one"],
):
    drain = open_drain()
    Shipper(drain.server_port).ship(lines)
    assert drain.lines == [line.strip("\n") for line in lines], (len(drain.lines), len(lines))
    drain.shutdown()
