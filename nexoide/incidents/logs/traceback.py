"""One printed Python traceback, line by line: chains, groups and their drawings, tails of messages, cut ends."""

from __future__ import annotations

import re

from nexoide.incidents.logs.chain import CUT, EXCEPTION, MAX_LINKS, MAX_MEMBERS, Node, is_remote, linked
from nexoide.incidents.logs.frames import FRAME, Section
from nexoide.model.failure import Relation

MAX_TAIL = 20
MAX_QUOTED = 400
MAX_LEVELS = 32
MAX_CHAIN = 100

HEADER = re.compile(r"(?P<lead>[ \t]{0,200}(?:[+|] )?)(?P<group>Exception Group )?Traceback(?: with variables)? \(most recent call last\):?\s*$")
BOXED = re.compile(r"\s{0,200}[╭+][─-]{1,400} ?Traceback \(most recent call last\) ?[─-]{1,400}[╮+]?\s*$")
CONNECTORS: dict[str, Relation] = {
    "The above exception was the direct cause of the following exception:": "cause",
    "During handling of the above exception, another exception occurred:": "context",
    "Another exception occurred, possibly related:": "context",
}
_DRAWN = re.compile(r"( {2,400})([|+])(.*)$", re.DOTALL)
_SEPARATOR = re.compile(r"(?P<opens>-\+)?-{3,}(?P<number> (?:\d{1,9}|\.\.\.) -{3,})?\s*$")
_MORE = re.compile(r"\.\.\. (?:and \d{1,9} more exceptions?|\(max_group_depth is \d{1,9}\))")
_NAME_OF_ERROR = re.compile(r"(?:error|exception|warning|exit|interrupt|timeout|failure|fault|group|stop|abort|cancel|refused)\w{0,20}$", re.IGNORECASE)
_INVITES = (":", ",", "(", "[", "{", "\\", "=")


class Level:
    """The chain of exceptions at one depth of a traceback."""

    __slots__ = ("_blank", "_chained", "_greedy", "_invited", "_quoted", "_relation", "_tail", "cut", "held", "node", "remote", "section", "state")

    def __init__(self, *, greedy: bool) -> None:
        self.state = "start"
        self.section = Section()
        self.node: Node | None = None
        self.cut = False
        self.held: list[str] = []
        self.remote = False
        self._relation: Relation | None = None
        self._greedy = greedy
        self._tail: list[str] = []
        self._blank = 0
        self._invited = self._quoted = False  # whether its message goes on in the next line; whether that is a traceback in the message
        self._chained = 0

    def begin(self) -> None:
        """Take a header: frames follow."""
        self.state, self.section = "frames", Section()

    def link(self, relation: Relation) -> None:
        """Take a line between two exceptions: the next one followed from the one before."""
        self._settle(everything=True)
        self._relation, self.state = relation, "start"

    def feed(self, line: str) -> bool:
        """Take a line; False where it belongs to this chain no more."""
        if self.state == "frames":
            return self._frames(line)
        if self.state == "start":
            return self._start(line)
        return self._after(line)

    def _start(self, line: str) -> bool:
        if HEADER.match(line):
            self.begin()
            return True
        if not line.strip():
            return True
        if self.remote and line.strip() == '"""':
            return True
        return self._exception(line)

    def _frames(self, line: str) -> bool:
        if line[:1] in " \t" or not line.strip() or line.startswith(("> File ", 'File "', "╭", "│", "╰")):
            self.section.add(line)
            return True
        if HEADER.match(line):
            return False
        return self._exception(line, after_frames=True)

    def _exception(self, line: str, *, after_frames: bool = False) -> bool:
        found = EXCEPTION.match(line)
        if found is None or (not found["colon"] and not like_a_type(found["type"])):
            return False
        if not after_frames and not like_a_type(found["type"]):
            return False
        if is_remote(found["type"]):
            self.remote = True
            self.state = "start"
            return True
        frames = self.section.frames() if self.section else ()
        self.node = self._joined(Node(found["type"], (found["message"] or "").rstrip(), frames))
        self.section = Section()
        self.state, self._tail, self._blank = "after", [], 0
        self._invited = (found["message"] or "").rstrip().endswith(_INVITES)
        self._quoted = False
        return True

    def _joined(self, node: Node) -> Node:
        earlier, relation = self.node, self._relation
        self._relation = None
        if earlier is not None and relation is not None:
            if self.remote and relation == "cause":
                marker = Node("RemoteTraceback", "", link=earlier)
                linked(node, marker, relation)
                self.remote = False
            else:
                linked(node, earlier, relation)
            self._chained += 1
            if self._chained > MAX_CHAIN and earlier.link is not None:
                earlier.link = earlier.link.link  # the nearest and the first are kept
        return node

    def _after(self, line: str) -> bool:
        relation = CONNECTORS.get(line.strip())
        if relation is not None:
            self.link(relation)
            return True
        if self.remote and line.strip() == '"""':
            self._settle(everything=False)
            return True
        if HEADER.match(line) and not self._tail and not self._blank and self.node is not None and self.node.message.endswith(":"):
            self._quoted = True
        elif HEADER.match(line) or len(self._tail) + self._blank >= (MAX_QUOTED if self._quoted else MAX_TAIL):
            return False
        elif self._quoted and line[:1] not in " \t" and EXCEPTION.match(line):
            self._quoted = self._invited = False
            self._tail.append(line)
            return True
        if not line.strip():
            self._blank += 1
            return self._blank <= 2
        return self._more(line)

    def _more(self, line: str) -> bool:
        """Take a further line of the message, or a note, where it can be one."""
        indented = line[:1] in " \t"
        if (self._greedy and (indented or not self._blank)) or (indented and not self._blank) or (self._invited and not self._blank):
            self._tail += self.held + [""] * self._blank + [line]
            self.held, self._blank = [], 0
            return True
        if self._blank or self.held:
            return False
        self.held.append(line)  # part of the message only where an indented line or another exception follows
        return True

    def _settle(self, *, everything: bool) -> None:
        if everything:
            self._tail += self.held
            self.held = []
        if self._tail and self.node is not None:
            self.node.message = "\n".join((self.node.message, *self._tail))
        self._tail, self._blank = [], 0

    def finish(self) -> Node | None:
        """Return the last exception of the chain; one without its last line where it was cut off there."""
        self._settle(everything=False)
        if self.state != "frames" or not self.section.frames():
            return self.node
        last = EXCEPTION.match(self.section.last().strip())  # a box or a margin may have indented it
        if last is not None and like_a_type(last["type"]) and last["colon"]:
            return self._joined(Node(last["type"], (last["message"] or "").rstrip(), self.section.frames()))
        self.cut = True
        return self._joined(Node(CUT, "", self.section.frames()))


def like_a_type(name: str) -> bool:
    """Return whether a word may be the name of an exception's class."""
    last = name.rpartition(".")[2].lstrip("_")
    return "." in name or last[:1].isupper() or _NAME_OF_ERROR.search(last) is not None


class Traceback:
    """A traceback that is being read; `greedy` where every line up to the next record belongs to its message."""

    __slots__ = ("_grouped", "_levels", "_nodes", "lines")

    def __init__(self, *, greedy: bool = False) -> None:
        self._levels = [Level(greedy=greedy)]
        self._nodes = 0
        self._grouped = False
        self.lines = 0

    @property
    def complete(self) -> bool:
        """Whether the line of its exception came, and no member of a group is open."""
        return self._levels[0].state == "after" and len(self._levels) == 1

    @property
    def waiting(self) -> bool:
        """Whether frames came, or are about to."""
        return self._levels[-1].state == "frames"

    @property
    def empty(self) -> bool:
        """Whether nothing but a header came."""
        return self._levels[0].node is None and not self._levels[0].section

    def begin(self) -> None:
        """Take a header."""
        self._levels[0].begin()

    def link(self, relation: Relation) -> None:
        """Go on after a line between two exceptions."""
        self._levels[0].link(relation)

    def resume(self, node: Node, relation: Relation) -> None:
        """Go on after an exception that was taken for the last one."""
        self._levels[0].node = node
        self._levels[0].link(relation)

    def precede(self, line: str) -> None:
        """Take an exception that was printed before the first header, without frames."""
        self._levels[0].feed(line)

    def put(self, section: str) -> None:
        """Take all lines of the frames at once."""
        self._levels[0].section.put(section)

    @property
    def expects_source(self) -> bool:
        """Whether the latest line was a frame."""
        return FRAME.match(self._levels[-1].section.last()) is not None

    def source_mentions(self, word: str) -> bool:
        """Return whether the latest line of source names `word`: a call of it, or an exception raised."""
        return not self.expects_source and word in self._levels[-1].section.last()

    def feed(self, line: str) -> bool:
        """Take a line; False where it belongs to this traceback no more."""
        self.lines += 1
        drawn = _DRAWN.match(line)
        if drawn is None or not (self._grouped or HEADER.match(line)):
            return self._levels[0].feed(line) if len(self._levels) == 1 or not line.strip() else self._fallen(line)
        depth = min((len(drawn[1]) - 2) // 2, MAX_LEVELS)
        if drawn[2] == "|":
            self._close(depth)
            return self._levels[min(depth, len(self._levels) - 1)].feed(drawn[3][1:] if drawn[3][:1] == " " else drawn[3]) or depth > 0
        if HEADER.match(line):
            self._grouped = True
            if self._levels[0].state != "start":
                return False
            self._levels[0].begin()
            return True
        return self._drawing(depth, drawn[3])

    def group(self) -> None:
        """Take the header of a group: what is drawn from here on belongs to it."""
        self._grouped = True
        self._levels[0].begin()

    def _fallen(self, line: str) -> bool:
        self._close(0)
        return self._levels[0].feed(line)

    def _drawing(self, depth: int, rest: str) -> bool:
        found = _SEPARATOR.match(rest)
        if found is None:
            return False
        if found["number"]:
            depth += bool(found["opens"])
            self._close(depth - 1)
            if 0 < depth <= MAX_LEVELS:
                while len(self._levels) <= depth:
                    self._levels.append(Level(greedy=True))
            return True
        self._close(depth - 1)
        return True

    def _close(self, depth: int) -> None:
        """Finish the levels that lie deeper than `depth`: each becomes a member of the exception above."""
        while len(self._levels) > max(depth, 0) + 1:
            node = self._levels.pop().finish()
            above = self._levels[-1].node
            self._nodes += 1
            if node is not None and above is not None and len(above.members) < MAX_MEMBERS and self._nodes < MAX_LINKS and not _MORE.match(node.type):
                above.members.append(node)

    def held(self) -> list[str]:
        """Return the lines that were taken and turned out not to belong to it."""
        return self._levels[0].held

    def finish(self) -> Node | None:
        """Return what was raised last, None where nothing can be said."""
        self._close(0)
        return self._levels[0].finish()


def begins(line: str) -> re.Match[str] | None:
    """Return the header of a traceback on this line, None where there is none."""
    return HEADER.match(line) or BOXED.match(line)


def is_frame(line: str) -> bool:
    """Return whether a line is a frame of a Python traceback."""
    return FRAME.match(line) is not None
