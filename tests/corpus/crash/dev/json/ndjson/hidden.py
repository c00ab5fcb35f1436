import sys

sys.path.insert(0, ".")

import tempfile
from pathlib import Path

from events import EventLog
from machine import Machine

with tempfile.TemporaryDirectory() as folder:
    log = EventLog(Path(folder) / "e.jsonl")
    machine = Machine(log)
    assert log.read() == []
    machine.produce(3)
    assert log.read() == [{"kind": "produced", "pieces": 3}]
    machine.stop("a\nb")
    machine.produce(4)
    assert machine.output() == 7
    assert [e["kind"] for e in log.read()] == ["produced", "stopped", "produced"]
    log.path.write_text('{"kind": broken\n')
    try:
        log.read()
    except ValueError:
        pass
    else:
        raise AssertionError("a broken log must fail")
