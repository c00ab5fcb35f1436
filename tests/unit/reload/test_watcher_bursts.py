"""What is saved together arrives together, whole, and once; what was refused stays on the list."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from nexoide.reload import operations
from nexoide.reload.bursts import Gathering
from nexoide.reload.contents import Memory
from tests.unit.reload.watching import replace, watching


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    for name in "abc":
        (tmp_path / "app" / f"{name}.py").write_bytes(f"{name} = 1\n".encode())
    return tmp_path / "app"


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=n@n", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two branches that differ in 200 files."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for branch in ("main", "other"):
        if branch == "other":
            git(folder, "checkout", "-q", "-b", "other")
        for number in range(200):
            path = folder / f"pkg{number % 7}" / f"m{number}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"branch = {branch!r}\n")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", branch)
    return folder


def test_files_saved_together_are_one_burst(app: Path):
    with watching(app) as heard:
        (app / "a.py").write_bytes(b"a = 2\n")
        replace(app / "b.py", b"b = 2\n")
        (app / "c.py").unlink()
        (app / "d.py").write_bytes(b"d = 2\n")
        assert heard.next() == {
            app / "a.py": (b"a = 1\n", b"a = 2\n"),
            app / "b.py": (b"b = 1\n", b"b = 2\n"),
            app / "c.py": (b"c = 1\n", None),
            app / "d.py": (None, b"d = 2\n"),
        }
        assert heard.nothing()


def test_a_checkout_of_200_files_is_one_burst(repository: Path):
    with watching(repository) as heard:
        for branch in ("main", "other", "main"):
            git(repository, "checkout", "-q", branch)
            burst = heard.next()
            assert len(burst) == 200
            assert {new for _, new in burst.values()} == {f"branch = {branch!r}\n".encode()}
            assert heard.nothing(0.1)
        assert heard.notices == []


def test_half_of_a_checkout_waits_for_the_rest(repository: Path):
    (repository / ".git" / "index.lock").touch()
    with watching(repository) as heard:
        (repository / "pkg0" / "m0.py").write_bytes(b"first\n")
        assert heard.nothing(0.4)
        (repository / "pkg1" / "m1.py").write_bytes(b"second\n")
        assert heard.nothing(0.2)
        (repository / ".git" / "index.lock").unlink()
        assert set(heard.next(0.5)) == {repository / "pkg0" / "m0.py", repository / "pkg1" / "m1.py"}
        assert heard.notices == []


def test_a_stale_lock_of_git_is_waited_for_once(repository: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(operations, "IDLE_SECONDS", 0.3)
    lock = repository / ".git" / "index.lock"
    lock.touch()
    with watching(repository / "pkg0") as heard:
        (repository / "pkg0" / "m0.py").write_bytes(b"first\n")
        began = time.monotonic()
        heard.next()
        assert 0.3 <= time.monotonic() - began < 2
        (repository / "pkg0" / "m0.py").write_bytes(b"second\n")
        began = time.monotonic()
        heard.next()
        assert time.monotonic() - began < 0.25
        assert heard.notices == [f"{lock} is there and git writes nothing: what is saved is taken over without waiting for git."]


def test_a_worktree_has_its_git_folder_elsewhere(repository: Path, tmp_path: Path):
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"), "main")
    found = operations.git_folder(str(tmp_path / "tree" / "pkg0"))
    assert found == str(repository / ".git" / "worktrees" / "tree")
    assert operations.git_folder(str(tmp_path / "nowhere")) is None


def test_a_file_that_is_half_written_is_waited_for(app: Path):
    with watching(app) as heard:
        with (app / "a.py").open("wb") as file:
            for _ in range(8):
                file.write(b"x = 1\n")
                file.flush()
                time.sleep(0.02)
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"x = 1\n" * 8)}
        assert heard.nothing()


def test_a_file_written_and_never_closed_is_read(app: Path):
    with watching(app) as heard, (app / "a.py").open("wb") as file:
        file.write(b"x = 1\n")
        file.flush()
        assert heard.next(1.0) == {app / "a.py": (b"a = 1\n", b"x = 1\n")}


def test_a_file_truncated_and_filled_a_moment_later_is_read_filled(app: Path):
    with watching(app) as heard:
        (app / "a.py").write_bytes(b"")
        time.sleep(0.03)
        (app / "a.py").write_bytes(b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}
        (app / "a.py").write_bytes(b"")
        assert heard.next() == {app / "a.py": (b"a = 2\n", b"")}


def test_endless_writing_keeps_no_other_file_waiting(app: Path):
    ended = threading.Event()

    def write() -> None:
        with (app / "a.py").open("wb") as file:
            while not ended.wait(0.005):
                file.write(b"x = 1\n")
                file.flush()

    writer = threading.Thread(target=write)
    with watching(app) as heard:
        writer.start()
        time.sleep(0.1)
        (app / "b.py").write_bytes(b"b = 2\n")
        try:
            seen: set[Path] = set()
            deadline = time.monotonic() + 3
            while app / "b.py" not in seen and time.monotonic() < deadline:
                seen |= set(heard.next(3))
            assert app / "b.py" in seen
        finally:
            ended.set()
            writer.join()


def test_what_is_saved_during_a_transaction_is_merged_behind_it(app: Path):
    with watching(app) as heard:
        release = threading.Event()
        heard.during = lambda burst: release.wait(10)
        (app / "a.py").write_bytes(b"a = 2\n")
        assert set(heard.next()) == {app / "a.py"}
        (app / "a.py").write_bytes(b"a = 3\n")
        time.sleep(0.1)
        (app / "b.py").write_bytes(b"b = 3\n")
        time.sleep(0.1)
        assert heard.nothing(0.1)
        release.set()
        assert heard.next() == {app / "a.py": (b"a = 2\n", b"a = 3\n"), app / "b.py": (b"b = 1\n", b"b = 3\n")}


def test_a_refused_file_is_compared_with_what_is_live(app: Path):
    with watching(app) as heard:
        heard.refuse = lambda burst: any(new == b"broken(\n" for _, new in burst.changed.values())
        (app / "a.py").write_bytes(b"broken(\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"broken(\n")}
        assert heard.watcher.live(app / "a.py") == b"a = 1\n"
        (app / "a.py").write_bytes(b"broken(\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"broken(\n")}
        assert heard.watcher.waiting == (app / "a.py",)
        (app / "a.py").write_bytes(b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}
        assert heard.nothing()
        assert heard.watcher.waiting == ()
        assert heard.watcher.live(app / "a.py") == b"a = 2\n"


def test_files_refused_together_come_again_together(app: Path):
    with watching(app) as heard:
        heard.refuse = lambda burst: any(new == b"broken(\n" for _, new in burst.changed.values())
        (app / "a.py").write_bytes(b"broken(\n")
        (app / "b.py").write_bytes(b"b = 2\n")
        assert len(heard.next()) == 2
        (app / "c.py").write_bytes(b"c = 2\n")
        burst = heard.bursts.get(timeout=5)
        assert dict(burst.changed) == {app / "c.py": (b"c = 1\n", b"c = 2\n")}
        assert set(burst.waiting) == {app / "a.py", app / "b.py"}
        (app / "a.py").write_bytes(b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n"), app / "b.py": (b"b = 1\n", b"b = 2\n")}
        assert heard.nothing()


def test_undoing_the_broken_save_brings_the_others(app: Path):
    with watching(app) as heard:
        heard.refuse = lambda burst: any(new == b"broken(\n" for _, new in burst.changed.values())
        (app / "a.py").write_bytes(b"broken(\n")
        (app / "b.py").write_bytes(b"b = 2\n")
        assert len(heard.next()) == 2
        (app / "a.py").write_bytes(b"a = 1\n")
        assert heard.next() == {app / "b.py": (b"b = 1\n", b"b = 2\n")}
        assert heard.watcher.waiting == ()


def test_refused_files_are_offered_again_when_asked_for(app: Path):
    with watching(app) as heard:
        heard.refuse = lambda burst: app / "c.py" not in burst.changed and heard.bursts.qsize() < 2
        (app / "a.py").write_bytes(b"a = 2\n")
        assert set(heard.next()) == {app / "a.py"}
        assert heard.watcher.waiting == (app / "a.py",)
        heard.refuse = lambda burst: False
        heard.watcher.again([app / "b.py"])
        assert heard.nothing(0.1)
        heard.watcher.again()
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}


def test_a_consumer_that_raises_refuses_and_the_watching_goes_on(app: Path):
    def fail(burst: object) -> None:
        raise ValueError("no")

    with watching(app) as heard:
        heard.during = fail
        (app / "a.py").write_bytes(b"a = 2\n")
        heard.next()
        heard.during = lambda burst: None
        (app / "b.py").write_bytes(b"b = 2\n")
        assert heard.next() == {app / "b.py": (b"b = 1\n", b"b = 2\n")}
        assert heard.watcher.waiting == (app / "a.py",)
        assert heard.notices == ["What was saved could not be taken over (ValueError: no): save it again."]


def test_what_was_settled_before_it_is_written_is_no_burst(app: Path):
    with watching(app) as heard:
        heard.watcher.settled(app / "a.py", b"a = 9\n")
        (app / "a.py").write_bytes(b"a = 9\n")
        assert heard.nothing()
        (app / "a.py").write_bytes(b"a = 1\n")
        assert heard.next() == {app / "a.py": (b"a = 9\n", b"a = 1\n")}


def test_a_verdict_within_the_callback_stands(app: Path):
    with watching(app) as heard:
        heard.during = lambda burst: heard.watcher.settled(app / "a.py", b"merged = 1\n")
        (app / "a.py").write_bytes(b"a = 2\n")
        heard.next()
        time.sleep(0.1)
        assert heard.watcher.live(app / "a.py") == b"merged = 1\n"


def test_an_unreadable_file_is_read_when_it_can_be(app: Path, monkeypatch: pytest.MonkeyPatch):
    opened = os.open
    broken = {"now": True}

    def opening(path: str, flags: int, mode: int = 0o777) -> int:
        if broken["now"] and path == str(app / "a.py"):
            raise OSError(5, "Input/output error")
        return opened(path, flags, mode)

    with watching(app) as heard:
        monkeypatch.setattr(os, "open", opening)
        (app / "b.py").write_bytes(b"b = 2\n")
        (app / "a.py").rename(app / "x")
        (app / "x").rename(app / "a.py")
        assert heard.next() == {app / "b.py": (b"b = 1\n", b"b = 2\n")}
        assert heard.notices == [f"{app / 'a.py'} was saved and cannot be taken over: Input/output error."]
        broken["now"] = False
        assert heard.nothing(0.4)
        (app / "a.py").write_bytes(b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}


def test_beyond_the_bound_hashes_alone_are_kept():
    memory = Memory(max_bytes=10)
    memory.set("a", b"12345")
    memory.set("b", b"123456")
    assert (memory.bytes_of("a"), memory.bytes_of("b")) == (b"12345", None)
    assert memory.only_hash("b")
    assert memory.same("b", b"123456")
    assert not memory.same("b", b"123457")
    assert not memory.same("b", None)
    memory.set("a", None)
    memory.set("b", b"1234567")
    assert memory.bytes_of("b") == b"1234567"
    assert memory.same("a", None)


def test_when_a_burst_is_taken():
    gathering = Gathering(0.01, 0.06, 1.0)
    assert gathering.ripe_at() is None
    gathering.touch("a", 10.0, whole=True)
    assert gathering.ripe_at() == pytest.approx(10.01)
    gathering.touch("b", 10.005, whole=False)
    assert gathering.ripe_at() == pytest.approx(10.065)
    gathering.touch("b", 10.02, whole=True)
    assert gathering.ripe_at() == pytest.approx(10.03)
    assert gathering.take(10.02) == []
    assert gathering.take(10.03) == ["a", "b"]
    assert len(gathering) == 0


def test_at_the_bound_what_is_still_being_written_stays_behind():
    gathering = Gathering(0.01, 0.06, 1.0)
    gathering.touch("whole", 10.0, whole=True)
    for step in range(200):
        gathering.touch("endless", 10.0 + step / 200, whole=False)
        gathering.touch("again", 10.0 + step / 200, whole=True)
    assert gathering.ripe_at() == pytest.approx(11.0)
    assert sorted(gathering.take(11.0)) == ["again", "whole"]
    gathering.touch("endless", 11.999, whole=False)
    assert gathering.take(12.0) == ["endless"]
