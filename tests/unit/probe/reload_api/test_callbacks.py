"""`on_reload`: who is called, with what, and that nobody who is called can break anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.probe.reload import callbacks
from nexoide.probe.reload.callbacks import changed, on_reload, run
from nexoide.probe.reload.report import ReloadReport


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    before = callbacks._callbacks.copy()
    callbacks._callbacks.clear()
    yield
    callbacks._callbacks[:] = before


@pytest.mark.parametrize(
    ("pattern", "wanted", "unwanted"),
    [
        ("config/*.toml", "/srv/app/config/a.toml", "/srv/app/config/sub/a.toml"),
        ("*.py", "/srv/app/orders.py", "/srv/app/orders.pyc"),
        ("**/settings.py", "/srv/app/deep/settings.py", "/srv/app/deep/mysettings.py"),
        ("/srv/app/orders.py", "/srv/app/orders.py", "/other/srv/app/orders.py"),
        ("/srv/**/a.toml", "/srv/a.toml", "/srv/b.toml"),
        ("/srv/**/a.toml", "/srv/x/y/a.toml", "/opt/x/a.toml"),
        ("./config/a[0-9].toml", "/srv/config/a1.toml", "/srv/config/ab.toml"),
    ],
)
def test_a_callback_is_called_for_the_files_that_its_patterns_match(pattern: str, wanted: str, unwanted: str) -> None:
    seen: list[tuple[str, ...]] = []
    on_reload(lambda report: seen.append(report.files), paths=Path(pattern) if pattern.startswith("/") else pattern)

    run(ReloadReport("committed", files=[unwanted]))
    run(ReloadReport("committed", files=[unwanted, wanted]))

    assert seen == [(unwanted, wanted)]


def test_a_callback_without_patterns_is_called_for_every_reload_until_it_is_ended() -> None:
    seen: list[ReloadReport] = []
    ends = [on_reload(seen.append), on_reload(seen.append)]
    report = ReloadReport("committed", files=["/a.py"])

    run(report)
    ends[0]()
    ends[0]()
    run(report)

    assert seen == [report] * 3


def test_a_callback_may_end_itself_and_others_while_it_is_called() -> None:
    called: list[str] = []

    def first(_: ReloadReport) -> None:
        called.append("first")
        end_first()

    end_first = on_reload(first)
    on_reload(lambda _: called.append("second"))

    run(ReloadReport("committed"))
    run(ReloadReport("committed"))

    assert called == ["first", "second", "second"]


class RudeError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("never asked")


def test_what_a_callback_raises_is_noted_and_the_others_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "CALLBACK_S", 0.1)
    called: list[int] = []

    def leaves(_: ReloadReport) -> None:
        raise SystemExit(3)

    def fails(_: ReloadReport) -> None:
        raise ValueError("no such section")

    def rude(_: ReloadReport) -> None:
        raise RudeError

    def loops(_: ReloadReport) -> None:
        while True:
            pass

    async def waits(_: ReloadReport) -> None: ...

    for callback in (leaves, fails, rude, loops, waits):
        on_reload(callback)
    on_reload(lambda _: called.append(1))
    report = ReloadReport("committed", notes=["before"])

    notes = run(report)

    assert called == [1]
    assert report.ok
    assert report.notes == ("before", *notes)
    middle = [note.partition("<locals>.")[2] for note in notes]
    assert middle == [
        "leaves raised SystemExit; the reload itself stands.",
        "fails raised ValueError: no such section; the reload itself stands.",
        "rude raised RudeError; the reload itself stands.",
        "loops was interrupted after 0.1 s; the reload itself stands.",
        "waits is asynchronous, and nobody awaits it: register a plain function; the reload itself stands.",
    ]


def test_control_c_is_the_persons_and_goes_through() -> None:
    def interrupted(_: ReloadReport) -> None:
        raise KeyboardInterrupt

    on_reload(interrupted)

    with pytest.raises(KeyboardInterrupt):
        run(ReloadReport("committed"))


def test_watched_files_that_are_no_modules_come_as_a_report_of_files() -> None:
    seen: list[ReloadReport] = []
    on_reload(seen.append, paths=["config/*.toml"])

    report = changed([("/srv/config/a.toml", "ab" * 32), ("/srv/config/b.toml", "")])

    assert seen == [report]
    assert (report.ok, report.state, report.files, report.notes) == (True, "committed", ("/srv/config/a.toml", "/srv/config/b.toml"), ())
    assert [(item.full, item.kind, item.action, item.file) for item in report.definitions] == [
        ("a.toml", "file", "replaced", "/srv/config/a.toml"),
        ("b.toml", "file", "removed", "/srv/config/b.toml"),
    ]


def test_a_watched_file_that_nobody_wants_is_said() -> None:
    on_reload(lambda _: None, paths="other.toml")

    assert changed([("/srv/a.toml", "x")]).notes == ("No reload callback of the program is for a.toml: it goes on with what it has read.",)


def test_what_is_no_callback_is_said_at_once() -> None:
    with pytest.raises(TypeError, match="something that can be called with a report, not str"):
        on_reload("config.toml")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        on_reload(print, paths=[3])  # type: ignore[list-item]
    assert callbacks._callbacks == []
