"""Which expressions may be evaluated again, on every interpreter: the bytecode of functions differs between them."""

from __future__ import annotations

from pathlib import Path

from tests.unit.probe.reload_values.drive import Drive

PROGRAM = """\
import math, os, re, datetime, decimal, pathlib, operator, collections, dataclasses, enum, functools, itertools, types
from collections import namedtuple

LIMIT = 10
NAMES = ["a", "b"]
TABLE = {"x": 1}
PATH = pathlib.Path("/tmp")
COUNT = [0]
Point = namedtuple("Point", "x y")
ORIGIN = Point(1, 2)
SPACE = types.SimpleNamespace(limit=3)
FACTORY = collections.defaultdict(list)

class Colour(enum.Enum):
    RED = 1

@dataclasses.dataclass(frozen=True)
class Frozen:
    n: int
    more: tuple = ()

@dataclasses.dataclass
class Loose:
    n: int

class Loud:
    seen = []
    size = 4
    def __init__(self): self.inner = 7
    def __add__(self, other): Loud.seen.append(other); return self
    def __eq__(self, other): Loud.seen.append(other); return True
    def __hash__(self): Loud.seen.append("hash"); return 1
    def __getattr__(self, name): Loud.seen.append(name); return 1
    @property
    def noisy(self): Loud.seen.append("noisy"); return 1

class Plain:
    rate = 5
    def __init__(self): self.limit = 6

LOUD = Loud()
PLAIN = Plain()

def double(n): return n * 2
def uses(n, k=3): return [double(i) + LIMIT for i in range(n) if i != k]
def summed(items): return sum(len(item) for item in items)
def counts(n): COUNT[0] += 1; return n
def sets():
    global LIMIT
    LIMIT = 1
def appends(): NAMES.append("c")
def endless(n): return endless(n - 1)
def steps(): yield 1
def prints(n): print(n); return n
def imports(): import json; return json
def nested(n):
    def inner(k): return k + n
    return inner(2)
def writes(path): return path.write_text("x")
def through(): return counts(1)
def adds(items):
    items += [1]
    return items
def in_local(n):
    found = []
    for i in range(n):
        found = found + [i]
    return found
def fails(n):
    if n < 0: raise ValueError(n)
    return math.sqrt(n)
"""
PURE = [
    "1",
    "'a' * 3",
    "-LIMIT",
    "LIMIT * 2 + 1",
    "LIMIT > 3 and NAMES or TABLE",
    "f'{LIMIT:>5} {NAMES}'",
    "[*NAMES, LIMIT]",
    "{**TABLE, 'y': LIMIT}",
    "{n: LIMIT for n in NAMES}",
    "{n for n in NAMES}",
    "tuple(n.upper() for n in NAMES)",
    "sorted(NAMES, key=len)",
    "sorted(NAMES, key=lambda n: n.lower())",
    "max(LIMIT, 3)",
    "math.floor(math.pi * LIMIT)",
    "TABLE['x']",
    "NAMES[0:1]",
    "TABLE.get('x', LIMIT)",
    "dict(TABLE, y=1)",
    "', '.join(NAMES)",
    "' a '.strip().split(',')",
    "re.compile('a' + str(LIMIT))",
    "PATH / 'x'",
    "PATH.joinpath('a').parent.name",
    "os.path.join('a', 'b')",
    "os.environ.get('HOME', 'x')",
    "datetime.timedelta(seconds=LIMIT).total_seconds()",
    "decimal.Decimal(LIMIT)",
    "operator.add(1, 2)",
    "collections.Counter(NAMES)",
    "collections.OrderedDict(a=1)",
    "namedtuple('P', 'a b')",
    "Point(LIMIT, 2)",
    "ORIGIN.x + 1",
    "SPACE.limit * 2",
    "Frozen(LIMIT)",
    "Frozen(LIMIT, more=(LOUD,))",
    "Colour.RED",
    "Colour.RED.value + 1",
    "{Colour.RED: LIMIT}",
    "Plain.rate * 2",
    "PLAIN.limit * 2",
    "PLAIN",
    "[LOUD, LIMIT]",
    "{'loud': LOUD}",
    "lambda n: counts(n)",
    "double(LIMIT)",
    "uses(3)",
    "summed(NAMES)",
    "nested(3)",
    "in_local(3)",
    "fails(4)",
    "list(map(double, [1, 2]))",
    "{'f': counts}",
    "functools.partial(counts, 1)",
    "LOUD is None",
    "LOUD.inner",
    "int if LIMIT else str",
    "frozenset(NAMES)",
    "itertools.chain(NAMES, TABLE)",
    "str.upper('a')",
    "len(NAMES)",
    "NAMES + ['c']",
    "not LIMIT",
]
IMPURE = [
    "unknown",
    "print(1)",
    "open('/etc/passwd')",
    "counts(1)",
    "sets()",
    "appends()",
    "endless(3)",
    "steps()",
    "prints(1)",
    "imports()",
    "writes(PATH)",
    "through()",
    "adds(NAMES)",
    "NAMES.append('x')",
    "NAMES.pop()",
    "TABLE.setdefault('z', 1)",
    "TABLE.update(a=1)",
    "LOUD + 1",
    "LOUD == 1",
    "{LOUD: 1}",
    "{LOUD}",
    "LOUD.noisy",
    "LOUD.other",
    "f'{LOUD}'",
    "Loud()",
    "Loose(1)",
    "PATH.write_text('x')",
    "PATH.unlink()",
    "list(map(counts, [1]))",
    "sorted(NAMES, key=counts)",
    "max([1], key=lambda n: counts(n))",
    "[counts(n) for n in NAMES]",
    "(y := LIMIT)",
    "__import__('os')",
    "eval('1')",
    "exec('1')",
    "TABLE['x'](1)",
    "(lambda: counts(1))()",
    "FACTORY['missing']",
    "setattr(PLAIN, 'a', 1)",
    "os.getpid()",
    "os.remove('x')",
    "globals()",
    "input()",
    "isinstance(LOUD, int)",
    "LOUD or 1",
    "-LOUD",
    "[n.append(1) for n in [[]]]",
    "getattr(LOUD, 'x')",
    "sorted([LOUD, LOUD])",
    "operator.setitem(TABLE, 'a', 1)",
    "next(iter(NAMES))",
]
RUN = """\
import ast, sys
import program
from nexoide.probe.reload.constants.evaluate import lookup_in
from nexoide.probe.reload.constants.purity import is_pure
before = {name: repr(value) for name, value in vars(program).items() if name.isupper()}
def pure(text):
    return is_pure(ast.parse(text, mode="eval").body, lookup_in(vars(program), {}))
def touched():
    return program.Loud.seen, program.COUNT, program.NAMES, program.LIMIT
"""


def test_pure_expressions_are_told_from_those_that_may_do_something(tmp_path: Path, python: str) -> None:
    drive = Drive(tmp_path, python, {"program.py": PROGRAM})
    drive.run(RUN)
    drive.ask(f"[text for text in {PURE!r} if not pure(text)]")
    drive.ask(f"[text for text in {IMPURE!r} if pure(text)]")
    drive.ask("touched()")

    wrongly_refused, wrongly_allowed, touched = drive.answers()

    assert wrongly_allowed == []
    assert wrongly_refused == []
    assert touched == ([], [0], ["a", "b"], 10)
