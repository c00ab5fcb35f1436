"""JUnit XML of several runners: failed tests with their frames, and files that want to do harm."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nexoide.incidents import junit
from nexoide.model.failure import Failure

SHOP = """
class Cart:
    def total(self, order):
        return order["price"] * order["count"]

def checkout(order):
    cart = Cart()
    return cart.total(order)

def load(order):
    try:
        return checkout(order)
    except KeyError as error:
        raise LookupError("no such order") from error
"""

TESTS = """
import pytest, shop

def test_wrong():
    total = shop.checkout({"price": 2, "count": 3})
    assert total == 7

def test_deep():
    shop.checkout({"price": 2})

def test_chain():
    shop.load({"price": 2})

class TestCart:
    @pytest.fixture
    def broken(self):
        raise RuntimeError("no\\ndatabase")

    def test_setup(self, broken):
        pass

    def test_fine(self):
        pass

    @pytest.mark.skip
    def test_skipped(self):
        pass
"""


def names(failure: Failure) -> list[str]:
    return [frame.function for frame in failure.exceptions[0].frames]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "shop.py").write_text(SHOP)
    (root / "test_shop.py").write_text(TESTS)
    return root


def run(project: Path, *arguments: str) -> list[Failure]:
    """Run the real pytest and read what it wrote."""
    out = project / "junit.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", ".", "--junit-xml", str(out), *arguments]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    assert subprocess.run(command, cwd=project, env=environment, capture_output=True).returncode == 1
    report = junit.read(out, origin="junit.xml", now=1.0)
    assert (report.tests, report.note, report.dropped) == (6, "", 0)
    return report.failures


@pytest.mark.parametrize("style", ["long", "short", "native", "auto"])
def test_pytest_in_each_of_its_styles(project: Path, style: str) -> None:
    wrong, deep, chain, setup = run(project, f"--tb={style}")
    assert wrong.origin == "junit.xml: test_shop::test_wrong"
    assert (wrong.source, wrong.language, wrong.exceptions[0].type, names(wrong)) == ("pytest", "python", "AssertionError", ["test_wrong"])
    assert "6 == 7" in wrong.exceptions[0].message
    assert wrong.exceptions[0].frames[0].line == 6
    assert (deep.exceptions[0].type, deep.exceptions[0].message) == ("KeyError", "'count'")
    assert names(deep) == ["test_deep", "checkout", "total"]
    assert [frame.line for frame in deep.exceptions[0].frames] == [9, 8, 4]
    assert deep.exceptions[0].frames[-1].source == 'return order["price"] * order["count"]'
    assert deep.exceptions[0].frames[-1].file.endswith("shop.py")
    assert [(raised.type, raised.message, raised.relation) for raised in chain.exceptions] == [
        ("LookupError", "no such order", "raised"),
        ("KeyError", "'count'", "cause"),
    ]
    assert chain.exceptions[1].frames[-1].function == "total"
    message = "no" if style == "native" else "no\ndatabase"  # a second line without a mark might be anybody's
    assert (setup.exceptions[0].type, setup.exceptions[0].message, names(setup)) == ("RuntimeError", message, ["broken"])
    assert wrong.at > 1_700_000_000
    assert wrong.host


def test_pytest_with_its_shortest_style_keeps_the_message(project: Path) -> None:
    found = run(project, "--tb=line")
    assert [failure.exceptions[0].type for failure in found] == ["AssertionError", "KeyError", "LookupError", "RuntimeError"]


SUREFIRE = b"""<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="com.shop.OrderTest" time="0.05" tests="3" errors="1" failures="1">
  <properties><property name="java.version" value="17"/></properties>
  <testcase name="total" classname="com.shop.OrderTest" time="0.01">
    <failure message="expected: &lt;2&gt; but was: &lt;1&gt;" type="org.opentest4j.AssertionFailedError"
    ><![CDATA[org.opentest4j.AssertionFailedError: expected: <2> but was: <1>
\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
\tat com.shop.OrderTest.total(OrderTest.java:12)
]]></failure>
    <system-out>noise</system-out>
  </testcase>
  <testcase name="load" classname="com.shop.OrderTest"><error type="java.lang.NullPointerException">java.lang.NullPointerException
\tat com.shop.Orders.load(Orders.java:7)
</error></testcase>
  <testcase name="flaky" classname="com.shop.OrderTest"><flakyFailure type="x">once</flakyFailure></testcase>
</testsuite>"""

JEST = b"""<testsuites name="jest tests"><testsuite name="sum" timestamp="2026-01-02T03:04:05" hostname="ci-7">
<testcase classname="sum adds" name="sum adds" time="0.002">
<failure>Error: expect(received).toBe(expected)

Expected: 2
Received: 1
    at Object.&lt;anonymous&gt; (/srv/src/sum.test.js:5:18)
    at Promise.then.completed (/srv/node_modules/jest-circus/build/utils.js:298:28)</failure></testcase></testsuite></testsuites>"""

UNITTEST = b"""<?xml version="1.0"?><testsuite name="t" tests="1"><testcase classname="test_it.It" name="test_one" file="test_it.py" line="4">
<failure type="AssertionError" message="1 != 2"><![CDATA[Traceback (most recent call last):
  File "/srv/test_it.py", line 5, in test_one
    self.assertEqual(1, 2)
AssertionError: 1 != 2
]]></failure></testcase></testsuite>"""


def test_other_runners() -> None:
    total, load = junit.failures(SUREFIRE, now=5.0)
    assert (total.language, total.exceptions[0].type.rpartition(".")[2], total.at) == ("java", "AssertionFailedError", 5.0)
    assert total.exceptions[0].message == "expected: <2> but was: <1>"
    assert any("OrderTest" in frame.function for frame in total.exceptions[0].frames)
    assert load.exceptions[0].type.endswith("NullPointerException")
    (jest,) = junit.failures(JEST)
    assert (jest.language, jest.exceptions[0].type, jest.host, jest.at) == ("javascript", "Error", "ci-7", 1767323045.0)
    assert jest.exceptions[0].frames[-1].line == 5
    (unit,) = junit.failures(UNITTEST)
    assert (unit.origin, unit.exceptions[0].message, unit.exceptions[0].frames[-1].function) == ("test_it.py::test_one", "1 != 2", "test_one")


def test_a_failure_without_a_text_is_told_by_its_attributes() -> None:
    (one,) = junit.failures(b'<testsuite><testcase name="a"><failure type="shop.Wrong" message="bad: token=hunter2hunter2"/></testcase></testsuite>')
    assert (one.exceptions[0].type, "hunter2" in one.exceptions[0].message) == ("Wrong", False)
    (bare,) = junit.failures(b'<testsuite><testcase name="a"><error/></testcase></testsuite>')
    assert (bare.exceptions[0].type, bare.log_message) == ("Error", "a could not be run")


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(10))
    + b']><testsuite><testcase name="&k;"><failure>&k;</failure></testcase></testsuite>'
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LAUGHS, "declares entities"),
        (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite><testcase name="a"><failure>&a;</failure></testcase></testsuite>',
            "declares entities",
        ),
        (b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/">%a;]><testsuite/>', "declares entities"),
        (b"<testsuite>" + b"<a>" * 100_000, "nests deeper than 64"),
        (b"<html><body/></html>", "no JUnit report"),
        (b"", "no well-formed XML"),
        (b"\0\0\0", "no well-formed XML"),
        (b"<testsuite><testcase name='a'", "no well-formed XML"),
        (b"<testsuite name='" + b"a" * (20 << 20), "a tag of more than 1 MiB"),
        (b'<?xml version="1.0" encoding="utf-64"?><testsuite/>', ""),
    ],
)
def test_hostile_files_are_read_to_where_they_are_good(data: bytes, words: str) -> None:
    began = time.perf_counter()
    report = junit.read(data, origin="x.xml")
    assert report.note.startswith("x.xml was read in part: ")
    assert words in report.note
    assert report.failures == []
    assert time.perf_counter() - began < 2


def test_what_stands_before_the_break_is_kept() -> None:
    report = junit.read(UNITTEST.replace(b"</testsuite>", b"") + b"<testcase><failure>& oops")
    assert [failure.exceptions[0].type for failure in report.failures] == ["AssertionError"]
    assert "no well-formed XML" in report.note


class Endless(io.RawIOBase):
    """100 MB of a report, made as it is read."""

    def __init__(self, total: int) -> None:
        self.left, self.begun = total, False

    def read(self, size: int = -1) -> bytes:
        if not self.begun:
            self.begun = True
            return b"<testsuite><testcase name='big'><failure>first line\n"
        if self.left <= 0:
            self.left, end = 0, b"the end</failure></testcase></testsuite>" if self.left == 0 else b""
            self.left = -1
            return end
        self.left -= size
        self.left = max(self.left, 0)
        return b"x" * (size - 1) + b"\n"


def test_a_hundred_megabytes_are_read_in_a_bounded_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = junit.read(Endless(100 << 20))  # type: ignore[arg-type]
    assert report.note == ""
    (one,) = report.failures
    assert one.exceptions[0].message.startswith("first line")
    assert len(str(one)) < 20_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10  # in KiB


def test_more_failures_than_are_taken_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit, "MAX_FAILURES", 3)
    report = junit.read(b"<testsuite>" + b"<testcase name='a'><failure/></testcase>" * 10 + b"</testsuite>", origin="x.xml")
    assert (len(report.failures), report.dropped, report.tests) == (3, 7, 10)
    assert report.note == "x.xml holds more than 3 failures: 7 were not taken."
