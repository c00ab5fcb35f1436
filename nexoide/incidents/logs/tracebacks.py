"""Tracebacks begin and end: with the record that they came in, after the one that they followed from, or cut off at the head."""

from __future__ import annotations

from nexoide.incidents.logs.chain import CUT, EXCEPTION
from nexoide.incidents.logs.emission import Emission, severity_of
from nexoide.incidents.logs.heads import WARNINGS, head_of
from nexoide.incidents.logs.openings import Opening, opens
from nexoide.incidents.logs.traceback import Traceback, is_frame, like_a_type
from nexoide.incidents.logs.transports import Carried
from nexoide.incidents.logs.writer import Margin, Open, Record, Writer

MAX_TRACES = 32
_NEAR = 4


class Tracebacks:
    """Begins and ends the tracebacks of writers."""

    def __init__(self, emission: Emission) -> None:
        self._emission = emission

    def begin(self, writer: Writer, found: Opening, number: int, said: Carried, record: Record | None) -> None:
        """Begin a traceback with its header; `record` is the one that it belongs to."""
        margin = Margin(found.prefix, writer.margin)
        if not margin.bare:
            writer.margin = margin
        recent = writer.near(number, margin)
        writer.recent.clear()
        item = self._continues(writer, found, recent)
        if item is None:
            item = Open(Traceback(greedy=record is not None), number, number, said, record)
            found.look_back(item, recent)
            if found.prefix.strip() and record is not None:
                self._emission.absorb(record, number)
        if found.group:
            item.trace.group()
        else:
            item.trace.begin()
        item.margin = margin
        writer.traces.append(item)

    @staticmethod
    def record_for(writer: Writer, before: Writer | None, found: Opening, number: int, said: Carried) -> Record | None:
        """Return the record that a traceback belongs to: the one on its own line, the open one, or a warning just before.

        A bare line follows the record of `before`, the writer of the line before.
        """
        head = head_of(found.prefix + "-") if found.prefix.strip() else None
        own = Record(head, number, severity_of(head.level), said) if head is not None else None
        if own is not None:
            own.head.message = ""
        record = writer.record
        if record is None and not writer.key and before is not None:
            record, before.record = before.record, None
        writer.record = None
        if record is not None:
            return record
        if own is not None and own.head.level:
            return own
        for line in reversed(writer.near(number)[-_NEAR:]):
            if opens(line):
                return own
            earlier = head_of(line)
            if earlier is not None:
                return Record(earlier, number, severity_of(earlier.level), said) if earlier.level in WARNINGS else own
            if line[:1] not in " \t":
                return own
        return own

    @staticmethod
    def _continues(writer: Writer, found: Opening, recent: list[str]) -> Open | None:
        """Return the traceback told just before, where this one followed from it."""
        relation = found.relation(recent)
        if relation is None or writer.finished is None:
            return None
        node, item, entry = writer.finished
        writer.finished = None
        if entry.told or entry.gone:
            return None
        entry.gone = True
        again = Open(Traceback(greedy=item.record is not None), item.number, item.last, item.carried, item.record, item.thread, item.intro)
        again.trace.resume(node, relation)
        return again

    def syntax(self, writer: Writer, line: str, prefix: str, number: int, said: Carried) -> bool:
        """Take a SyntaxError whose place was printed without a header; False where it was not printed just before."""
        recent = writer.near(number, Margin(prefix))
        first = next((index for index in range(len(recent) - 1, -1, -1) if is_frame(recent[index])), None)
        if first is None:
            return False
        self.cut(writer, recent[first], prefix, number - len(recent) + first, said)
        for further in (*recent[first + 1 :], line):
            writer.traces[-1].trace.feed(further)
        writer.traces[-1].last = number
        return True

    def cut(self, writer: Writer, line: str, prefix: str, number: int, said: Carried) -> None:
        """Begin a traceback whose header is not in the log any more, or that never had one (a SyntaxError)."""
        record, writer.record = writer.record, None
        item = Open(Traceback(greedy=record is not None), number, number, said, record, margin=Margin(prefix))
        writer.recent.clear()
        item.trace.begin()
        item.trace.feed(line)
        writer.traces.append(item)

    def finish(self, writer: Writer, item: Open) -> list[str]:
        """Tell of a traceback; return lines that were taken for its message and are none of it."""
        writer.traces.remove(item)
        node = item.trace.finish()
        if node is not None and node.type == CUT and item.record is not None:
            said = EXCEPTION.match(item.record.head.message)  # AWS Lambda prints the exception before its frames
            if said is not None and like_a_type(said["type"]):
                node.type, node.message, item.record.head.message = said["type"], (said["message"] or "").rstrip(), ""
        if node is not None:
            writer.finished = (node, item, self._emission.traceback(item, node))
        elif item.record is not None:
            self._emission.record(item.record)
        return item.trace.held()
