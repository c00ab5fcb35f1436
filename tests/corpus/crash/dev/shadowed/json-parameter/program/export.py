from publish.sinks import MemorySink
from publish.writer import publish

EVENTS = [{"id": 1, "kind": "start"}, {"id": 2, "kind": "stop", "after": 2.5}]


def run(events):
    sink = MemorySink()
    for number, event in enumerate(events):
        publish(sink, f"event-{number}", event, json=True)
    publish(sink, "note", "all done", json=False)
    return sink


def main():
    for name, text in run(EVENTS).documents.items():
        print(name, text)


if __name__ == "__main__":
    main()
