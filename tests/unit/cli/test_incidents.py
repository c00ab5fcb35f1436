"""What is printed of incidents: lists that fit, pages that say all, words that are passed on; nothing hostile gets through."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from nexoide.cli.spans import seconds_of
from nexoide.cli.tables import bars
from nexoide.errors import UsageError
from nexoide.model import event as e
from nexoide.model.examination import CommitRef, Examination, SourceView
from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.model.incident import Incident
from nexoide.tui.text import cell_width
from tests.unit.cli.conftest import HOSTILE, Plane, Result

Run = Callable[..., Result]
LINE = "        return self.ledger.record_entries(amount)"


def incident(name: str, **more: object) -> Incident:
    now = time.time()  # not when this file was imported: the suite may take long until these run
    frame = Frame(
        file="/srv/bank/bank.py",
        line=13,
        function="Bank.deposit",
        source=LINE.strip(),
        end_line=13,
        column=15,
        end_column=41,
        locals={"amount": ValueView(type="int", repr=f"5{HOSTILE}"), "self": ValueView(type="Bank", repr="<Bank>")},
    )
    library = Frame(file="/usr/lib/python3.11/asyncio/events.py", line=80, function="_run")
    raised = Raised(type="AttributeError", message=f"no record_entries {HOSTILE}", frames=(library, frame))
    cause = Raised(type="KeyError", message="'x'", relation="context", frames=(frame,))
    base = Incident(
        id=name,
        fingerprint=f"fp-{name}",
        target="app",
        error_class="AttributeError",
        message=f"no record_entries {HOSTILE}",
        file="bank.py",
        line=13,
        function="Bank.deposit",
        first_at=now - 7200,
        last_at=now - 60,
        count=1204,
        sample=Failure(target="app", pid=1, source="main", at=now, exceptions=(raised, cause)),
        category="missing method",
        expression="self.ledger.record_entries",
        targets=("app", "worker"),
        hosts=("web-1",),
        routes={"POST /orders": 300, "GET /x": 11},
        requests=311,
        recurrences=1,
        since=(CommitRef(id="d" * 40, author="Grace", at=now - 600, subject=f"Rework orders {HOSTILE}"),),
        examination=Examination(
            commit="a" * 40,
            sources=(SourceView(path="bank.py", line=13, function="Bank.deposit", first_line=12, lines=("    def deposit():", LINE, ""), commit="a" * 40),),
            introduced=CommitRef(id="b" * 40, author="Ada", at=now - 86400, subject="A bank"),
            recent=(CommitRef(id="c" * 40, author="Ada", at=now - 3600, subject="Count turns"),),
            note="bank.py was run as of aaaa",
        ),
    )
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.fixture
def incidents(plane: Plane) -> Iterator[dict[str, Incident]]:
    known = plane.supervisor.state.incidents
    before, rate = dict(known), dict(plane.supervisor.state.rate)
    known.clear()
    now = time.time()
    known.update(
        {
            "I-1": incident("I-1"),
            "I-2": incident("I-2", state="resolved", recurrences=0, category="timeout", targets=("cron",), target="cron", last_at=now - 9000),
            "I-3": incident("I-3", state="ignored", recurrences=0, last_at=now - 5),
            "I-4": incident("I-4", recurrences=0, last_at=now - 1, file="very/long/way/to/a/file/of/the/shop/orders/views.py", line=1234),
            "I-5": incident("I-5", state="merged", into="I-1"),
        }
    )
    plane.supervisor.state.rate["I-1"] = {int(now) - 30: 3, int(now) - 300: 1}
    yield known
    known.clear()
    known.update(before)
    plane.supervisor.state.rate.clear()
    plane.supervisor.state.rate.update(rate)


def said(result: Result) -> str:
    assert result.code == 0, result.err
    return result.out


@pytest.mark.parametrize("columns", [60, 80, 120, 160])
def test_no_line_is_wider_than_the_terminal(plane: Plane, nexoide: Run, incidents: dict[str, Incident], monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (("incidents", "list", "--all"), ("incidents", "show", "I-1"), ("incidents", "show", "I-4"), ("analyze",)):
        for line in said(nexoide(*command, *plane.option)).splitlines():
            assert cell_width(line) <= columns, (command, line)


def test_the_list_shows_what_fails_the_latest_first_and_counts_what_it_hides(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    lines = said(nexoide("incidents", "list", *plane.option)).splitlines()
    assert [line.split()[0] for line in lines] == ["ID", "I-4", "I-1", "3"]
    assert "open ↺" in lines[2]
    assert "…" in lines[1]
    assert "views.py:1234" in lines[1]
    assert lines[3] == "3 hidden (1 resolved, 1 ignored, 1 merged): --all shows them."
    every = said(nexoide("incidents", "list", "--all", *plane.option)).splitlines()
    assert [line.split()[0] for line in every[1:]] == ["I-4", "I-1", "I-2", "I-3", "I-5"]


def test_filters(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    def names(*options: str) -> list[str]:
        return [found["id"] for found in json.loads(said(nexoide("incidents", "list", "--json", *options, *plane.option)))["incidents"]]

    assert names() == ["I-1", "I-2", "I-3", "I-4", "I-5"]
    assert names("--state", "resolved", "--state", "ignored") == ["I-2", "I-3"]
    assert names("--class", "timeout") == ["I-2"]
    assert names("--target", "worker", "--state", "open") == ["I-1", "I-4"]
    assert names("--since", "10m") == ["I-1", "I-3", "I-4", "I-5"]
    shown = said(nexoide("incidents", "list", "--state", "resolved", *plane.option))
    assert "I-2" in shown
    for options in (("--state", "asleep"), ("--class", "colour"), ("--since", "soon")):
        result = nexoide("incidents", "list", *options, *plane.option)
        assert result.code == 2
        assert len(result.err.splitlines()) == 1


def test_trends_are_drawn_where_there_is_room(plane: Plane, nexoide: Run, incidents: dict[str, Incident], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "TREND" not in said(nexoide("incidents", "list", *plane.option))
    monkeypatch.setenv("COLUMNS", "140")
    shown = said(nexoide("incidents", "list", *plane.option))
    assert re.search(r"▁+[▂-▇]▁+█", shown)
    assert bars([0, 1, 4]) == "▁▃█"
    assert bars([0, 0]) == ""


def test_nothing_that_fails_is_said(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    for name in ("I-1", "I-4", "I-5"):
        del incidents[name]
    lines = said(nexoide("incidents", "list", *plane.option)).splitlines()
    assert lines == ["Nothing fails.", "2 hidden (1 resolved, 1 ignored): --all shows them."]
    incidents.clear()
    assert said(nexoide("incidents", "list", *plane.option)) == "No incidents.\n"


def test_the_page_says_all_that_is_known(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    out = said(nexoide("incidents", "show", "I-1", *plane.option))
    lines = out.splitlines()
    failing = next(index for index, line in enumerate(lines) if line.startswith("> 13"))
    source, carets = lines[failing], lines[failing + 1]
    assert source[carets.index("^") : carets.rindex("^") + 1] == "self.ledger.record_entries"
    for words in (
        "missing method, error",
        "bank.py:13 in Bank.deposit",
        "1,204 times, first ",
        "app, worker",
        "web-1",
        "requests     311 failed",
        "300  POST /orders",
        "1 time after it was resolved",
        "as in commit aaaaaaaaaa",
        "amount  int   5",
        "… 1 frame of libraries",
        "Which happened while this was handled KeyError",
        "Committed since it was resolved",
        "dddddddddd",
        "The failing line was written by",
        "bbbbbbbbbb  1d ago",
        "Changed lately in this file",
        "merged in    I-5",
        "Like it",
        "P-1  waiting  guard the coupon",
        "bank.py was run as of aaaa",
    ):
        assert words in out, words


def test_a_page_without_frames_examination_or_requests(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    sample = Failure(target="web", pid=0, source="file", at=time.time(), language="go", text=f"panic: boom\n\tmain.go:3 {HOSTILE}", origin="logs/web.log")
    incidents["I-6"] = incident("I-6", sample=sample, examination=None, file="", line=0, function="", expression="", count=1, message="", since=())
    out = said(nexoide("incidents", "show", "I-6", *plane.option))
    assert "where" not in out
    assert "once, " in out
    assert "As it was read from logs/web.log" in out
    assert "panic: boom" in out


def test_a_source_line_of_any_length_is_shown_whole_with_its_carets(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    text = "x = " + " + ".join(f"name{number}" for number in range(40)) + " + broken()"
    view = SourceView(path="bank.py", line=13, function="Bank.deposit", first_line=13, lines=(text,))
    known = incidents["I-1"]
    first = text.index("broken()")
    raised = known.sample.exceptions[0]
    frame = replace(raised.frames[-1], source=text, column=first, end_column=first + 8)
    sample = replace(known.sample, exceptions=(replace(raised, frames=(frame,)),))
    incidents["I-7"] = incident("I-7", sample=sample, examination=Examination(sources=(view,)), expression="")
    lines = said(nexoide("incidents", "show", "I-7", *plane.option)).splitlines()
    carets = next(line for line in lines if "^" in line)
    above = lines[lines.index(carets) - 1]
    assert above[carets.index("^") : carets.rindex("^") + 1] == "broken()"
    shown = "".join(
        line.partition("│ ")[2] for line in lines[lines.index("Source of bank.py, as on the disk, not committed") + 1 :] if "│" in line and "^" not in line
    )
    assert shown.replace(" ", "") == text.replace(" ", "")


def test_a01_no_page_and_no_list_carries_a_control(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    for command in (("incidents", "list", "--all"), ("incidents", "show", "I-1"), ("analyze",), ("status",)):
        for extra in ((), ("--json",)):
            out = said(nexoide(*command, *extra, *plane.option))
            assert not [char for char in out if char != "\n" and (ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0)]


def test_the_page_as_json_has_the_incidents_own_fields_and_what_stands_beside(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    found = json.loads(said(nexoide("incidents", "show", "I-1", "--json", *plane.option)))
    assert (found["id"], found["category"], found["merged"]) == ("I-1", "missing method", ["I-5"])
    assert [patch["id"] for patch in found["patches"]] == ["P-1"]
    assert found["similar"][0]["id"] in {"I-2", "I-3", "I-4"}
    assert sum(found["rate"].values()) == 4


@pytest.mark.parametrize(
    ("words", "state"),
    [(("ignore", "I-4"), "ignored"), (("resolve", "I-4"), "resolved"), (("reopen", "I-2"), "open"), (("merge", "I-4", "I-1"), "merged")],
)
def test_words_go_out_under_the_operators_name(
    plane: Plane, nexoide: Run, incidents: dict[str, Incident], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], state: str
) -> None:
    monkeypatch.setenv("NEXOIDE_OPERATOR", "ada")
    answer = json.loads(said(nexoide("incidents", *words, "--reason", "as agreed", "--json", *plane.option)))
    assert answer["state"] == state
    last = plane.supervisor.journal.read(plane.supervisor.journal.count - 1)[-1]
    assert last.actor == "operator:ada"
    assert isinstance(last.body, e.IncidentMoved | e.IncidentMerged)
    assert "as agreed" in last.body.note


def test_splits_and_refusals_in_one_sentence(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    assert "is split by route" in said(nexoide("incidents", "split", "I-1", "--by", "route", *plane.option))
    again = said(nexoide("incidents", "ignore", "I-3", *plane.option))
    assert again == "I-3 is ignored already.\n"
    for words, code in (
        (("ignore", "I-99"), 3),
        (("show", "I-99"), 3),
        (("merge", "I-1", "I-1"), 4),
        (("ignore", "I-5"), 4),
        (("split", "I-4"), 4),
        (("split", "I-4", "--by", "colour"), 2),
    ):
        result = nexoide("incidents", *words, *plane.option)
        assert result.code == code, words
        assert result.out == ""


@pytest.mark.parametrize(
    ("text", "seconds"), [("24h", 86400.0), ("90m", 5400.0), ("1.5h", 5400.0), ("7d", 604800.0), ("2w", 1209600.0), ("30s", 30.0), ("5 min", 300.0)]
)
def test_spans(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "24", "-1h", "1y", "9" * 50 + "h", "1h 2m"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(UsageError, match="no span of time"):
        seconds_of(text)


def test_an_analysis_for_people_and_programs(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    found = json.loads(said(nexoide("analyze", "--since", "2h", "--json", *plane.option)))
    assert found["ended"] - found["began"] == pytest.approx(7200)
    assert "Poisson" in found["test"]
    assert "No failure was counted" in said(nexoide("analyze", *plane.option))
    assert nexoide("analyze", "--since", "1s", *plane.option).code == 2


@pytest.mark.parametrize("command", [("incidents", "list"), ("incidents", "show"), ("incidents", "ignore"), ("incidents", "reopen"), ("incidents", "resolve"),
                                     ("incidents", "merge"), ("incidents", "split"), ("analyze",), ("status",)])  # fmt: skip
def test_help_has_an_example(nexoide: Run, command: tuple[str, ...]) -> None:
    out = " ".join(said(nexoide(*command, "--help")).split())
    assert f"nexoide {' '.join(command)}" in out


def test_a_class_may_be_written_in_any_case_and_what_matches_nothing_says_so(plane: Plane, nexoide: Run, incidents: dict[str, Incident]) -> None:
    asked = ("incidents", "list", *plane.option)
    assert "I-1" in said(nexoide(*asked, "--class", "Missing METHOD"))
    assert said(nexoide(*asked, "--target", "nobody")) == "No incident matches.\n"
    assert "sets no failures apart" in nexoide("incidents", "split", "I-1", "--by", "colour", *plane.option).err
    result = nexoide("analyze", "--since", "0d", *plane.option)
    assert (result.code, "is no time at all" in result.err) == (2, True)


def test_the_list_of_commands_says_what_each_does_and_cuts_nothing(nexoide: Run) -> None:
    for group in ((), ("incidents",), ("targets",), ("patches",), ("reload",), ("journal",), ("audit",)):
        listed = said(nexoide(*group, "--help")).partition("Commands:\n")[2]
        assert listed
        assert "..." not in listed
        assert "\n".join(listed.split("\n  ")).count(".\n") >= len([line for line in listed.splitlines() if line[2] != " "])
