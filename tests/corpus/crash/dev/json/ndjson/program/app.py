import tempfile
from pathlib import Path

from events import EventLog
from machine import Machine

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(EventLog(Path(folder) / "events.jsonl"))
        print("output", machine.output())
        machine.produce(40)
        machine.stop("no paper")
        machine.produce(12)
        print("output", machine.output())
