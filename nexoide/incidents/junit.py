"""JUnit XML, as pytest, unittest-xml-reporting, surefire, jest and others write it: each failed test as a failure.

Read as a stream with bounded depth, attributes and texts; entities are refused, so nothing expands and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat  # entities are refused below

from nexoide.incidents import bounded, pytest_text
from nexoide.incidents.pasted import pasted
from nexoide.model.failure import Failure, Raised

MAX_FAILURES = 10_000
MAX_DEPTH = 64
MAX_KEPT = 64 << 10
MAX_TOKEN = 1 << 20
"""Bytes that the parser may hold without a result: a tag or an attribute longer than that is none."""
CHUNK = 64 << 10
_FAILED = {"failure", "error"}
_MODULES = {"java": "java", "org": "java", "kotlin": "java", "javax": "java"}


class _RefusedError(ValueError):
    """What the file holds is not read any further."""


@dataclass(slots=True)
class Report:
    """What a file says; `note` is one sentence where it was not read to its end, `tests` counts test cases."""

    failures: list[Failure] = field(default_factory=list)
    tests: int = 0
    dropped: int = 0
    note: str = ""


def failures(source: Path | bytes | BinaryIO, *, target: str = "", origin: str = "", now: float = 0.0) -> list[Failure]:
    """Return the failures of a JUnit XML file; see `read`."""
    return read(source, target=target, origin=origin, now=now).failures


def read(source: Path | bytes | BinaryIO, *, target: str = "", origin: str = "", now: float = 0.0) -> Report:
    """Return what a JUnit XML file says, as much of it as can be read; a broken, hostile or other file says so in `note`.

    `origin` stands before the test's name, `now` is wall seconds for suites without a time. Raises OSError where a path cannot be read.
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return read(stream, target=target, origin=origin or str(source), now=now)
    reading = _Reading(target, origin, now)
    reading.run(BytesIO(source) if isinstance(source, bytes) else source)
    return reading.report


@dataclass(slots=True)
class _Case:
    attributes: dict[str, str]
    kind: str = ""
    said: dict[str, str] = field(default_factory=dict)
    head: list[str] = field(default_factory=list)
    kept: int = 0
    tail: str = ""

    def write(self, text: str) -> None:
        """Keep the first 16 KiB and the last 48 KiB of a text."""
        room = MAX_KEPT // 4 - self.kept
        if room > 0:
            self.head.append(text[:room])
            self.kept += min(room, len(text))
            text = text[room:]
        if text:
            self.tail = (self.tail + text)[-MAX_KEPT * 3 // 4 :]

    @property
    def text(self) -> str:
        """What was written between the tags."""
        return "".join(self.head) + self.tail


class _Reading:
    def __init__(self, target: str, origin: str, now: float) -> None:
        self.report = Report()
        self._target, self._origin, self._now = target, origin, now
        self._depth = 0
        self._suites: list[dict[str, str]] = []
        self._case: _Case | None = None
        self._inside = ""
        self._root = ""

    def run(self, stream: BinaryIO) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self._start, self._end, self._text
        parser.EntityDeclHandler = self._refuse_entity
        parser.ExternalEntityRefHandler = self._refuse_entity
        fed = 0
        try:
            for chunk in _chunks(stream):
                fed += len(chunk)
                parser.Parse(chunk, False)
                _check_token(fed - max(0, parser.CurrentByteIndex))
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._stopped(f"it is no well-formed XML from line {error.lineno} on ({expat.ErrorString(error.code)})")
        except (_RefusedError, LookupError, ValueError) as error:
            self._stopped(str(error)[:200])

    def _stopped(self, why: str) -> None:
        self.report.note = f"{self._origin or 'The file'} was read in part: {why}."

    def _refuse_entity(self, *_: object) -> int:
        raise _RefusedError("it declares entities, which no test report needs")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        name = name.rpartition("}")[2].rpartition(":")[2]
        if self._depth > MAX_DEPTH:
            raise _RefusedError(f"it nests deeper than {MAX_DEPTH} levels")
        if self._depth == 1:
            self._root = name
            if name not in {"testsuites", "testsuite", "testcase"}:
                raise _RefusedError(f"it begins with <{name[:60]}>, which is no JUnit report")
        if name == "testsuite":
            self._suites.append(attributes)
        elif name == "testcase":
            self.report.tests += 1
            self._case = _Case(attributes)
        elif name in _FAILED and self._case is not None and not self._case.kind:
            self._case.kind, self._case.said, self._inside = name, attributes, name
        elif name in _FAILED and self._case is not None and not self._inside:
            self._case.write("\n")  # a second one of the same test, as of its teardown

    def _text(self, text: str) -> None:
        if self._inside and self._case is not None:
            self._case.write(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        name = name.rpartition("}")[2].rpartition(":")[2]
        if name == self._inside:
            self._inside = ""
        elif name == "testsuite" and self._suites:
            self._suites.pop()
        elif name == "testcase" and self._case is not None:
            case, self._case = self._case, None
            if not case.kind:
                return
            if len(self.report.failures) >= MAX_FAILURES:
                self.report.dropped += 1
                self.report.note = f"{self._origin or 'The file'} holds more than {MAX_FAILURES} failures: {self.report.dropped} were not taken."
            else:
                self.report.failures.append(self._failure(case))

    def _failure(self, case: _Case) -> Failure:
        suite = self._suites[-1] if self._suites else {}
        text = case.text
        message = case.said.get("message") or ""
        kind = bounded.line(case.said.get("type"))
        language, chain = _chain(text, kind, message)
        test = bounded.line(_name(case.attributes))
        return Failure(
            target=self._target,
            pid=0,
            source="pytest",
            at=bounded.moment(suite.get("timestamp"), self._now),
            exceptions=chain,
            log_message=f"{test} failed" if case.kind == "failure" else f"{test} could not be run",
            language=language,
            host=bounded.line(suite.get("hostname")),
            origin=f"{self._origin}: {test}" if self._origin else test,
            text="" if any(raised.frames for raised in chain) else bounded.text(text),
        )


def _name(attributes: dict[str, str]) -> str:
    """Return a test's name as its runner would take it: `file::name`, or its class and its name."""
    name, owner, file = attributes.get("name", "?"), attributes.get("classname", ""), attributes.get("file", "")
    if file and "::" not in name:
        return f"{file}::{name}"
    return f"{owner}::{name}" if owner else name


def _chain(text: str, kind: str, message: str) -> tuple[str, tuple[Raised, ...]]:
    """Return the language and the exceptions of a failed test: from its text where that can be read, else from its attributes."""
    found = pytest_text.exceptions(text)
    if found and (any(raised.frames for raised in found) or text.startswith("E  ")):
        return "python", found
    language, read = pasted(text) if text.strip() else ("", ())
    if read:
        return language, pytest_text.without_machinery(read)
    module, _, short = kind.rpartition(".")
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if not short:
        named, colon, rest = (message or first).partition(": ")
        short, message = (named, rest) if colon and named.isidentifier() else ("Error", message or first)
    language = _MODULES.get(module.partition(".")[0], "python" if not module or short == "AssertionError" else "other")
    said = bounded.text(message or first, bounded.MAX_MESSAGE)
    return language, (Raised(type=short, message=said, module=module or ("builtins" if language == "python" else "")),)


def _check_token(held: int) -> None:
    if held > MAX_TOKEN:
        raise _RefusedError(f"it holds a tag of more than {MAX_TOKEN >> 20} MiB")


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
