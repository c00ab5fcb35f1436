"""What `nexoide import` makes of files: told by what they begin with, refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nexoide.errors import UsageError
from nexoide.incidents.imported import imported
from tests.support.ingesting import envelope, event, item
from tests.support.supervised import Supervised, supervised, wait_for
from tests.unit.incidents.test_junit import UNITTEST


@pytest.mark.parametrize(
    ("data", "kind", "failures"),
    [
        (UNITTEST, "JUnit XML", 1),
        (b"\xef\xbb\xbf\n" + UNITTEST.partition(b"?>")[2], "JUnit XML", 1),
        (envelope(item(event()), item(event())), "Sentry envelope", 2),
        (b'{}\n{"type":"event"}\n' + json.dumps(event(), indent=None).encode(), "Sentry envelope", 1),
        (json.dumps(event(), indent=2).encode(), "Sentry event", 1),
        (json.dumps([event(), event()]).encode(), "Sentry event", 2),
        (b'{"type":"A","count":3}', "JSON errors", 3),
        (b'[{"message":"a"},{"traceback":"b"}]', "JSON errors", 2),
        (b'{"type":"A"}\n{"type":"B"}\n', "JSON errors", 2),
        (b'{"type":"A","message":"x"}\n{"type":"B","message":"y"}\nno\n', "JSON errors", 2),
    ],
)
def test_each_format_is_told_by_its_beginning(data: bytes, kind: str, failures: int) -> None:
    found = imported(data, name="file", target="", now=5.0)
    assert (found.kind, len(found.failures)) == (kind, failures)


@pytest.mark.parametrize("data", [b"", b"  \n", b"plain words", b"<html/>", b"{}", b"[]", b"7", b"\x1f\x8b\x08", b"[" * 100_000])
def test_anything_else_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        imported(data, name="file", target="", now=5.0)
    assert "file" in caught.value.sentence
    assert "\n" not in caught.value.sentence


def test_files_come_into_the_feed(tmp_path: Path, runtime: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from nexoide.cli.main import main

    (tmp_path / "nexoide.toml").write_text("")
    (tmp_path / "junit.xml").write_bytes(UNITTEST)
    (tmp_path / "sentry.json").write_bytes(envelope(item(event())))
    with supervised(tmp_path, runtime) as session:
        _check(session, tmp_path, main, capsys)


def _check(session: Supervised, root: Path, main, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    assert main(["import", str(root / "junit.xml"), "-w", str(root)]) == 5
    session.start()
    assert main(["import", str(root / "junit.xml"), str(root / "sentry.json"), "-w", str(root), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["accepted"], [one["kind"] for one in said["files"]]) == (2, ["JUnit XML", "Sentry envelope"])
    found = wait_for(lambda: known if len(known := session.control.status().incidents) == 2 else None, "both")
    assert {(one.target, one.error_class) for one in found} == {("pytest", "AssertionError"), ("sentry", "ZeroDivisionError")}
    assert main(["import", str(root / "missing.xml"), "-w", str(root)]) == 2
    assert "does not exist" in capsys.readouterr().err
