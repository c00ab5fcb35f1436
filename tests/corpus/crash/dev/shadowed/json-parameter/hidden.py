import sys

sys.path.insert(0, "")
import export
from publish.sinks import MemorySink
from publish import writer

docs = export.run(export.EVENTS).documents
assert docs == {"event-0.json": '{"id": 1, "kind": "start"}', "event-1.json": '{"after": 2.5, "id": 2, "kind": "stop"}', "note.txt": "all done"}, docs
s = MemorySink()
assert writer.publish(s, "a", [1, {"b": 2}], True) == "a.json"
assert writer.read_back(s, "a.json") == [1, {"b": 2}]
assert writer.publish(s, "t", 5) == "t.txt" and writer.read_back(s, "t.txt") == "5"
