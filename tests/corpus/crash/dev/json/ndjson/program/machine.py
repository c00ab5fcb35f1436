from events import EventLog


class Machine:
    def __init__(self, log: EventLog) -> None:
        self.log = log

    def produce(self, pieces: int) -> None:
        self.log.append("produced", pieces=pieces)

    def stop(self, reason: str) -> None:
        self.log.append("stopped", reason=reason)

    def output(self) -> int:
        return sum(e["pieces"] for e in self.log.read() if e["kind"] == "produced")
