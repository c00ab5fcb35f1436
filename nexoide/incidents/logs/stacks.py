"""Stack traces of other languages begin and end: with the record that they came in, and each crash once, whoever tells of it."""

from __future__ import annotations

from nexoide.incidents.logs import foreign
from nexoide.incidents.logs.emission import Emission, severity_of
from nexoide.incidents.logs.heads import Head, head_of
from nexoide.incidents.logs.transports import Carried
from nexoide.incidents.logs.writer import Margin, OpenStack, Record, Writer

CRASH_LINES = 64


class Stacks:
    """Begins and ends the stack traces of writers."""

    def __init__(self, emission: Emission) -> None:
        self._emission = emission
        self._crashes: dict[str, tuple[int, set[str]]] = {}

    def begin(self, writer: Writer, line: str, number: int, said: Carried, head: Head | None = None, prefix: str = "") -> bool:
        """Begin the trace of which this line is the begin; False where it is none. `head` is the record on the same line, after `prefix`."""
        recent = writer.near(number)
        stack = foreign.begin(line, recent)
        if stack is None:
            return False
        if stack.crash and self._known(stack, number):
            return True
        record = writer.record or (Record(head, number, severity_of(head.level), said) if head is not None else None)
        if head is not None:
            head.message = ""
        if record is None and stack.used:
            before = recent[len(recent) - stack.used] if stack.used <= len(recent) else ""
            found = head_of(before)
            earlier = found or (head_of(recent[-stack.used - 1]) if len(recent) > stack.used else None)
            if earlier is not None and severity_of(earlier.level):
                record = Record(earlier, number, severity_of(earlier.level), said)
        writer.record = None
        writer.stack = OpenStack(stack, number - stack.used, said, record, Margin(prefix))
        writer.recent.clear()
        return True

    def _known(self, stack: foreign.Stack, number: int) -> bool:
        """Return whether another teller told of this crash just before: a runtime, the kernel and a shell each have their word."""
        line, tellers = self._crashes.get(stack.crash, (-CRASH_LINES, set()))
        if number - line < CRASH_LINES and stack.teller not in tellers:
            tellers.add(stack.teller)
            return True
        self._crashes[stack.crash] = (number, {stack.teller})
        return False

    def end(self, writer: Writer) -> None:
        """Tell of the trace that is open, where one is."""
        item, writer.stack = writer.stack, None
        if item is None:
            return
        if not item.stack.worth():
            if item.record is not None:
                self._emission.record(item.record)
            return
        last = item.number + len(item.stack.lines)
        self._emission.stack(item.stack, item.number, last, item.carried, item.record)
