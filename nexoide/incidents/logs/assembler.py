"""Lines become failures: each goes to the traceback, record or stack trace of its writer that it belongs to, or begins one."""

from __future__ import annotations

import re
from collections import OrderedDict

from nexoide.incidents.logs import access
from nexoide.incidents.logs.chain import EXCEPTION
from nexoide.incidents.logs.embedded import Parse, tell_escaped, tell_json
from nexoide.incidents.logs.emission import Emission
from nexoide.incidents.logs.heads import MILD, SEVERE, Head, head_of
from nexoide.incidents.logs.jsonlog import loaded, record_of
from nexoide.incidents.logs.openings import Opening, opening, unescaped
from nexoide.incidents.logs.stacks import Stacks
from nexoide.incidents.logs.traceback import is_frame
from nexoide.incidents.logs.tracebacks import MAX_TRACES, Tracebacks
from nexoide.incidents.logs.transports import Carried, carried, carried_in
from nexoide.incidents.logs.writer import Open, Record, Writer

MAX_WRITERS = 256
MAX_OTHERS = 200
MAX_EMPTY = 3
"""How many tracebacks with the same before their lines may have no more than a header: those of processes that began at the same moment."""
MAX_SILENT = 64
MAX_SILENT_UNFINISHED = 4096
QUIET_LINES = 16
MAX_RECORD_LINES = 20
MAX_RECORD_OTHERS = 8
AFTER_LINES = 2
FRAMELESS = ("SyntaxError: ", "IndentationError: ", "TabError: ")
_REQUEST_HINT = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT|PROPFIND|QUERY|WEBSOCKET) ")
_JSON_TRANSPORT = re.compile(r"^\{\s?\"log\":|\"__REALTIME_TIMESTAMP\"")
_ACCESS_LIKE = re.compile(r"\S{1,100} \S{1,60} \S{1,60} \[\d\d/[A-Z]|[^\n]{0,120}\"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /")


class Assembler:
    """Takes the lines of one stream in order; `parse` reads a stack trace that is inside another text."""

    def __init__(self, emission: Emission, parse: Parse | None) -> None:
        self._emission, self._parse = emission, parse
        self._writers: OrderedDict[str, Writer] = OrderedDict()
        self._open: dict[str, Writer] = {}
        self._latest: Writer | None = None
        self._tracebacks, self._stacks = Tracebacks(emission), Stacks(emission)
        self._asked = ""
        self._answer: Head | None = None

    @property
    def open(self) -> bool:
        """Whether the next line must be seen, whatever it says."""
        return bool(self._open)

    @property
    def unfinished(self) -> bool:
        """Whether a traceback is open whose last line has not come."""
        return any(not item.trace.complete for writer in self._open.values() for item in writer.traces)

    def first_open(self, number: int) -> int:
        """Return the line at which the first of the open tracebacks began, `number` where none is open."""
        return min((item.number for writer in self._open.values() for item in writer.traces), default=number)

    def remember(self, line: str, number: int) -> None:
        """Take a line that is not looked at, but may be the head of what follows."""
        content, said = _unwrapped(line)
        writer = self._writer(said.key)
        writer.remember(content, number)
        self._latest = writer

    def section_expected(self) -> bool:
        """Whether the next lines are the frames of the one traceback that is open, without anything before them."""
        writer = self._open.get("") if len(self._open) == 1 else None
        return (
            writer is not None and len(writer.traces) == 1 and writer.traces[0].trace.empty and writer.traces[0].trace.waiting and writer.traces[0].margin.bare
        )

    def put(self, section: str, last: int) -> None:
        """Take those lines at once."""
        item = self._open[""].traces[0]
        item.trace.put(section)
        item.last = last

    def take(self, line: str, number: int) -> None:
        """Take the next line."""
        if line[:1] == "\xa0":  # AWS Lambda indents with it
            line = line.replace("\xa0", " ", len(line) - len(line.lstrip("\xa0")))
        content, said = _unwrapped(line)
        writer = self._writer(said.key)
        self._take(writer, content, number, said)
        self._note(writer, number)
        self._latest = writer
        if not number % QUIET_LINES and (len(self._open) > 1 or (self._open and writer.key not in self._open)):
            self._quiet(number)

    def settle(self) -> None:
        """The stream paused: what is complete is told; a traceback without its last line is waited for."""
        for writer in list(self._open.values()):
            for item in list(writer.traces):
                if item.trace.complete:
                    self._finish(writer, item)
            self._stacks.end(writer)
            if not writer.traces:
                self._end_record(writer)
            self._note(writer, writer.last)

    def close(self) -> None:
        """Nothing more comes: tell what there is."""
        for writer in list(self._open.values()):
            self._end(writer)

    # the writers

    def _writer(self, key: str) -> Writer:
        writer = self._writers.get(key)
        if writer is None:
            writer = self._writers[key] = Writer(key)
            if len(self._writers) > MAX_WRITERS:
                self._end(self._writers.popitem(last=False)[1])
        elif key:
            self._writers.move_to_end(key)
        return writer

    def _note(self, writer: Writer, number: int) -> None:
        writer.last = number
        if writer.open:
            self._open[writer.key] = writer
        else:
            self._open.pop(writer.key, None)

    def _quiet(self, number: int) -> None:
        """End what writers began that have been silent while others went on."""
        for writer in list(self._open.values()):
            unfinished = any(not item.trace.complete for item in writer.traces)
            if number - writer.last > (MAX_SILENT_UNFINISHED if unfinished else MAX_SILENT):
                self._end(writer)

    def _end(self, writer: Writer) -> None:
        for item in list(writer.traces):
            self._finish(writer, item)
        self._stacks.end(writer)
        self._end_record(writer)
        self._open.pop(writer.key, None)

    # one line

    def _head(self, line: str) -> Head | None:
        """Return the head of a record; the same line is often asked about twice."""
        if line != self._asked:
            self._asked, self._answer = line, head_of(line)
        return self._answer

    def _take(self, writer: Writer, line: str, number: int, said: Carried) -> None:
        if writer.traces and self._given(writer, line, number):
            return
        if writer.stack is not None:
            inner = writer.stack.margin.inner(line)
            if inner is not None and (inner[:1] in " \t" or head_of(inner) is None) and writer.stack.stack.feed(inner):
                return
            self._stacks.end(writer)
        self._fresh(writer, line, number, said)

    def _given(self, writer: Writer, line: str, number: int) -> bool:
        """Return whether an open traceback took the line; those that ended with it are told."""
        for item in writer.preferred(line):
            inner = item.margin.inner(line)
            if inner is None:
                if item.margin.indented and line.strip():
                    self._finish(writer, item)
                continue
            if not self._interrupts(item, inner) and item.trace.feed(inner):
                item.last = number
                return True
            if item.trace.complete or (item.trace.empty and not item.trace.waiting):
                self._finish(writer, item)
        for item in list(writer.traces):
            item.others += 1
            its_own = item.margin.bare or item.margin.exactly(line)
            if item.others > (MAX_RECORD_OTHERS if item.trace.empty and its_own else MAX_OTHERS):
                self._finish(writer, item)
        return False

    def _interrupts(self, item: Open, line: str) -> bool:
        """Return whether a line is plainly the begin of something else."""
        first = line[:1]
        if first in " \t|+" or not first:
            return False
        if first == "{":
            return item.trace.complete
        raised = EXCEPTION.match(line)
        if raised is not None and raised["type"].upper() not in SEVERE and raised["type"].upper() not in MILD and not item.trace.complete:
            return False
        return self._head(line) is not None or (item.trace.complete and _ACCESS_LIKE.match(line) is not None)

    def _fresh(self, writer: Writer, line: str, number: int, said: Carried) -> None:
        if line[:1] == "{" and self._parse is not None:
            value = loaded(line)
            if value is not None:
                self._end_record(writer)
                tell_json(self._emission, self._parse, record_of(value), number, said)
                return
        if "(most recent call last)" in line:
            found = opening(line)
            if found is not None:
                self._begin(writer, found, number, said)
                return
            inside = unescaped(line)
            if inside is not None and self._parse is not None:
                self._end_record(writer)
                tell_escaped(self._emission, self._parse, line, inside, number, said)
                return
        head, self._asked = self._head(line), ""
        if _REQUEST_HINT.search(line, 0, 2000):
            request = access.failed(line)
            if request is not None and (head is None or head.level != "DEBUG"):
                self._end_record(writer)
                self._emission.request(request, number, said, head.time if head is not None else _time_inside(line), line=line)
                return
        if head is None and self._stacks.begin(writer, line, number, said):
            return
        self._record(writer, line, head, number, said)

    def _record(self, writer: Writer, line: str, head: Head | None, number: int, said: Carried) -> None:
        after = writer.finished is not None and number - writer.finished[1].last <= AFTER_LINES  # of its message, most likely
        if head is None and 0 <= said.severity <= 3 and line.strip() and writer.record is None and not after:
            head = Head(message=line, level="ERROR" if said.severity == 3 else "CRITICAL")
        whole = line if head is None else head.message
        if whole.startswith(FRAMELESS) and not writer.traces and self._tracebacks.syntax(writer, whole, line.removesuffix(whole), number, said):
            return
        if is_frame(whole) and not writer.traces:
            self._tracebacks.cut(writer, whole, line.removesuffix(whole).removesuffix("  "), number, said)
            return
        if head is None:
            if writer.record is not None:
                self._continued(writer, writer.record, line)
            else:
                writer.remember(line, number)
            return
        self._end_record(writer)
        if head.message and self._stacks.begin(writer, head.message, number, said, head, line.removesuffix(head.message)):
            return
        if head.level in SEVERE:
            writer.record = Record(head, number, SEVERE[head.level], said)
        writer.remember(line, number)

    def _continued(self, writer: Writer, record: Record, line: str) -> None:
        if line[:1] in " \t" and line.strip() and len(record.lines) < MAX_RECORD_LINES and not record.others:
            record.lines.append(line[: MAX_SILENT * 16])
            return
        record.others += 1
        if line.strip():
            writer.remember(line, record.number + len(record.lines) + record.others)
        if record.others > MAX_RECORD_OTHERS:
            self._end_record(writer)

    def _begin(self, writer: Writer, found: Opening, number: int, said: Carried) -> None:
        before = self._latest if self._latest is not writer else None
        record = self._tracebacks.record_for(writer, before, found, number, said)
        if before is not None:
            self._note(before, before.last)
        empty = [item for item in writer.traces if item.trace.empty and (item.margin.exactly(found.prefix) if found.prefix else item.margin.bare)]
        if len(empty) >= MAX_EMPTY or len(writer.traces) >= MAX_TRACES:
            self._finish(writer, empty[0] if len(empty) >= MAX_EMPTY else writer.traces[0])
        self._tracebacks.begin(writer, found, number, said, record)

    def _finish(self, writer: Writer, item: Open) -> None:
        for held in self._tracebacks.finish(writer, item):
            self._fresh(writer, held, item.last + 1, item.carried)

    def _end_record(self, writer: Writer) -> None:
        record, writer.record = writer.record, None
        if record is not None:
            self._emission.record(record)


def _unwrapped(line: str) -> tuple[str, Carried]:
    """Return a line without what carried it, and what that said."""
    said = carried(line)
    content = line[said.end :]
    if content[:1] == "[" and said.kind in {"rfc3164", "journal", "rfc5424"}:
        content = content[carried(content).end :]  # the kernel's own clock
    if content[:1] == "{" and _JSON_TRANSPORT.search(content):
        found = carried_in(loaded(content), said.key)
        if found is not None:
            content, said = found
    return content, said


def _time_inside(line: str) -> str:
    begin = line.find("[", 0, 400)
    return line[begin + 1 : begin + 40] if begin >= 0 else ""
