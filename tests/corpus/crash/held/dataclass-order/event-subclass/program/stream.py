from events import Deployed, Event, Failed
from sink import Sink

EVENTS = [
    Event("boot", 1.0),
    Deployed(name="deploy", at=2.0, version="1.4.2"),
    Failed(name="crash", at=3.5, reason="oom", fatal=True, host="web1"),
    Failed(name="crash", reason="timeout"),
]


def main():
    sink = Sink()
    for event in EVENTS:
        sink.take(event)
    print("\n".join(sink.lines))


if __name__ == "__main__":
    main()
