"""Saves as they happen: written in place, put in place, in several files at once, of files that come, go and move."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.reload.watching import measure
from tests.unit.reload.watching import Heard, replace, watching


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app" / "pkg").mkdir(parents=True)
    (tmp_path / "app" / "a.py").write_bytes(b"a = 1\n")
    (tmp_path / "app" / "pkg" / "b.py").write_bytes(b"b = 1\n")
    return tmp_path / "app"


@pytest.fixture(params=["notified", "polled"])
def heard(app: Path, request: pytest.FixtureRequest) -> Iterator[Heard]:
    with watching(app, poll=request.param == "polled") as heard:
        assert heard.watcher.polling == (request.param == "polled")
        yield heard


def test_a_file_written_in_place(app: Path, heard: Heard):
    (app / "a.py").write_bytes(b"a = 2\n")
    assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}
    assert heard.nothing()


def test_a_file_put_in_place(app: Path, heard: Heard):
    replace(app / "pkg" / "b.py", b"b = 2\n")
    assert heard.next() == {app / "pkg" / "b.py": (b"b = 1\n", b"b = 2\n")}
    assert heard.nothing()


def test_the_next_base_is_what_was_delivered(app: Path, heard: Heard):
    for number in (2, 3, 4):
        (app / "a.py").write_bytes(b"a = %d\n" % number)
        assert heard.next() == {app / "a.py": (b"a = %d\n" % (number - 1), b"a = %d\n" % number)}


def test_same_size_and_same_times_are_seen(app: Path, heard: Heard):
    before = (app / "a.py").stat()
    (app / "a.py").write_bytes(b"a = 7\n")
    os.utime(app / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 7\n")}


def test_a_touch_is_nothing(app: Path, heard: Heard):
    (app / "a.py").touch()
    (app / "a.py").write_bytes(b"a = 1\n")
    replace(app / "pkg" / "b.py", b"b = 1\n")
    (app / "a.py").chmod(0o600)
    assert heard.nothing(0.6)


def test_new_files_in_new_nested_folders(app: Path, heard: Heard):
    deep = app / "one" / "two" / "three"
    deep.mkdir(parents=True)
    (deep / "c.py").write_bytes(b"c = 1\n")
    assert heard.next() == {deep / "c.py": (None, b"c = 1\n")}
    (deep / "c.py").write_bytes(b"c = 2\n")
    assert heard.next() == {deep / "c.py": (b"c = 1\n", b"c = 2\n")}


def test_a_deleted_file_and_a_deleted_folder(app: Path, heard: Heard):
    (app / "a.py").unlink()
    assert heard.next() == {app / "a.py": (b"a = 1\n", None)}
    shutil.rmtree(app / "pkg")
    assert heard.next() == {app / "pkg" / "b.py": (b"b = 1\n", None)}


def test_a_renamed_folder(app: Path, heard: Heard):
    (app / "pkg").rename(app / "lib")
    heard.until({app / "pkg" / "b.py": None, app / "lib" / "b.py": b"b = 1\n"})
    (app / "lib" / "b.py").write_bytes(b"b = 2\n")
    assert heard.next() == {app / "lib" / "b.py": (b"b = 1\n", b"b = 2\n")}


def test_a_root_that_is_deleted_and_made_again(app: Path, heard: Heard):
    shutil.rmtree(app)
    heard.until({app / "a.py": None, app / "pkg" / "b.py": None})
    app.mkdir()
    (app / "a.py").write_bytes(b"a = 2\n")
    heard.until({app / "a.py": b"a = 2\n"})
    (app / "a.py").write_bytes(b"a = 3\n")
    assert heard.next() == {app / "a.py": (b"a = 2\n", b"a = 3\n")}
    assert [notice for notice in heard.notices if "does not exist" in notice] in ([], [f"{app} does not exist: its files are watched as soon as it does."])


def test_a_root_whose_folder_is_deleted_and_made_again(app: Path, heard: Heard):
    shutil.rmtree(app.parent)
    heard.until({app / "a.py": None, app / "pkg" / "b.py": None})
    app.mkdir(parents=True)
    (app / "a.py").write_bytes(b"a = 2\n")
    heard.until({app / "a.py": b"a = 2\n"})


@pytest.mark.parametrize("name", [".a.py.swp", "4913", "a.py~", ".#a.py", "#a.py#", "a.py___jb_tmp___", "a.py___jb_old___", "a.pyc", "a.py.orig", "notes.txt"])
def test_what_editors_leave_about_is_nothing(app: Path, name: str):
    with watching(app, patterns=["*.py"] if name.endswith((".pyc", ".txt")) else ["*"]) as heard:
        (app / name).write_bytes(b"x")
        (app / name).unlink()
        assert heard.nothing()
        (app / "a.py").write_bytes(b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}


@pytest.mark.parametrize("folder", [".git", ".venv", "env-of-mine", "node_modules", "__pycache__", ".mypy_cache", ".nexoide", "build"])
def test_folders_that_are_not_entered(app: Path, folder: str):
    (app / folder).mkdir()
    if folder == "env-of-mine":
        (app / folder / "pyvenv.cfg").touch()
    (app / folder / "x.py").write_bytes(b"x = 1\n")
    with watching(app, ignore=["build/"]) as heard:
        assert heard.watcher.folders == 2
        (app / folder / "x.py").write_bytes(b"x = 2\n")
        (app / folder / "y").mkdir()
        (app / folder / "y" / "x.py").write_bytes(b"x = 2\n")
        assert heard.nothing()
        assert heard.watcher.folders == 2


def test_an_environment_made_meanwhile_is_left_alone(app: Path):
    with watching(app) as heard:
        (app / "mine" / "lib").mkdir(parents=True)
        (app / "mine" / "pyvenv.cfg").touch()
        deadline = time.monotonic() + 5
        while heard.watcher.folders != 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        (app / "mine" / "lib" / "x.py").write_bytes(b"x = 1\n")
        assert heard.nothing()


def test_patterns_with_folders(app: Path):
    (app / "config" / "deep").mkdir(parents=True)
    with watching(app, patterns=["*.py", "config/*.toml"]) as heard:
        (app / "config" / "deep" / "x.toml").write_bytes(b"x = 1\n")
        (app / "x.toml").write_bytes(b"x = 1\n")
        assert heard.nothing()
        (app / "config" / "x.toml").write_bytes(b"x = 1\n")
        assert heard.next() == {app / "config" / "x.toml": (None, b"x = 1\n")}


def test_a_single_file_as_root(app: Path):
    with watching(app / "a.py") as heard:
        (app / "other.py").write_bytes(b"o = 1\n")
        (app / "pkg" / "b.py").write_bytes(b"b = 2\n")
        assert heard.nothing()
        replace(app / "a.py", b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}


def test_names_that_are_no_text(app: Path):
    name = os.fsdecode(b"\xff\xfe.py")
    with watching(app) as heard:
        (app / name).write_bytes(b"n = 1\n")
        assert heard.next() == {app / name: (None, b"n = 1\n")}


def test_a_pipe_in_the_place_of_a_file_blocks_nothing(app: Path):
    with watching(app) as heard:
        os.mkfifo(app / "pipe.py")
        (app / "a.py").unlink()
        os.mkfifo(app / "a.py")
        assert heard.next() == {app / "a.py": (b"a = 1\n", None)}
        (app / "pkg" / "b.py").write_bytes(b"b = 2\n")
        assert heard.next() == {app / "pkg" / "b.py": (b"b = 1\n", b"b = 2\n")}


def test_a_file_too_large_is_said(app: Path):
    with watching(app) as heard:
        replace(app / "a.py", b"#" * (5 << 20))
        assert heard.nothing()
        assert heard.notices == [f"{app / 'a.py'} was saved and cannot be taken over: it has 5 MiB, and 4 MiB are the most that is reloaded."]
        (app / "a.py").write_bytes(b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}


def test_it_ends_and_leaves_nothing_behind(app: Path):
    threads, descriptors = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with watching(app) as heard:
            (app / "a.py").write_bytes(b"a = %d\n" % time.monotonic_ns())
            heard.next()
    (app / "a.py").write_bytes(b"a = 0\n")
    assert heard.nothing()
    assert threading.active_count() == threads
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_idle_it_does_nothing(app: Path):
    with watching(app):
        time.sleep(0.1)
        before = time.process_time()
        time.sleep(1.0)
        assert time.process_time() - before < 0.02


@pytest.mark.slow
def test_a_tree_of_20000_files_misses_nothing_and_idles():
    found = measure(5000, 20_000, 30)
    assert found["missed"] == 0
    assert found["start_cpu_ms"] < 5000
    assert found["idle_cpu_ms_per_s"] < 20
