"""Links to files and folders: the real file is watched, and it is told under the path by which it is imported, with all others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.unit.reload.watching import replace, watching


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_bytes(b"a = 1\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "p.py").write_bytes(b"p = 1\n")
    return tmp_path / "app"


@pytest.fixture
def elsewhere(app: Path) -> Path:
    return app.parent / "elsewhere"


def test_a_linked_folder(app: Path, elsewhere: Path):
    (app / "plugins").symlink_to(elsewhere)
    with watching(app) as heard:
        replace(elsewhere / "p.py", b"p = 2\n")
        burst = heard.bursts.get(timeout=5)
        assert dict(burst.changed) == {app / "plugins" / "p.py": (b"p = 1\n", b"p = 2\n")}
        assert burst.aliases == {app / "plugins" / "p.py": (elsewhere / "p.py",)}
        assert heard.watcher.live(elsewhere / "p.py") == b"p = 2\n"
        heard.watcher.settled(elsewhere / "p.py", b"p = 3\n")
        (app / "plugins" / "p.py").write_bytes(b"p = 3\n")
        assert heard.nothing()


def test_a_folder_in_the_tree_that_is_also_linked(app: Path):
    (app / "pkg").mkdir()
    (app / "pkg" / "b.py").write_bytes(b"b = 1\n")
    (app / "also").symlink_to("pkg")
    with watching(app) as heard:
        (app / "also" / "b.py").write_bytes(b"b = 2\n")
        burst = heard.bursts.get(timeout=5)
        assert dict(burst.changed) == {app / "pkg" / "b.py": (b"b = 1\n", b"b = 2\n")}
        assert burst.aliases == {app / "pkg" / "b.py": (app / "also" / "b.py",)}


def test_a_linked_file(app: Path, elsewhere: Path):
    (app / "p.py").symlink_to(elsewhere / "p.py")
    with watching(app) as heard:
        (elsewhere / "other.py").write_bytes(b"o = 1\n")
        assert heard.nothing()
        replace(elsewhere / "p.py", b"p = 2\n")
        burst = heard.bursts.get(timeout=5)
        assert dict(burst.changed) == {app / "p.py": (b"p = 1\n", b"p = 2\n")}
        assert burst.aliases == {app / "p.py": (elsewhere / "p.py",)}


def test_a_file_and_its_link_in_one_tree_are_one_file(app: Path):
    (app / "b.py").symlink_to("a.py")
    with watching(app) as heard:
        heard.refuse = lambda burst: burst.changed[app / "a.py"][1] == b"a = 2\n"
        (app / "b.py").write_bytes(b"a = 2\n")
        burst = heard.bursts.get(timeout=5)
        assert dict(burst.changed) == {app / "a.py": (b"a = 1\n", b"a = 2\n")}
        assert burst.aliases == {app / "a.py": (app / "b.py",)}
        (app / "a.py").write_bytes(b"a = 3\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 3\n")}
        assert heard.nothing()
        assert heard.watcher.waiting == ()


def test_a_link_that_is_turned_to_another_folder(app: Path, elsewhere: Path):
    shutil.copytree(elsewhere, app.parent / "newer")
    (app.parent / "newer" / "p.py").write_bytes(b"p = 2\n")
    (app / "plugins").symlink_to(elsewhere)
    with watching(app) as heard:
        (app / "next").symlink_to(app.parent / "newer")
        (app / "next").rename(app / "plugins")
        assert (b"p = 1\n", b"p = 2\n") in heard.next().values()
        (app.parent / "newer" / "p.py").write_bytes(b"p = 3\n")
        assert heard.next() == {app / "plugins" / "p.py": (b"p = 2\n", b"p = 3\n")}
        (elsewhere / "p.py").write_bytes(b"p = 4\n")
        assert heard.nothing()


def test_a_root_that_a_deployment_turns(app: Path):
    shutil.copytree(app, app.parent / "two")
    (app.parent / "two" / "a.py").write_bytes(b"a = 2\n")
    (app.parent / "current").symlink_to("app")
    for root in (app.parent / "current", app.parent / "current" / "."):
        with watching(root) as heard:
            (app.parent / "next").symlink_to("two")
            (app.parent / "next").rename(app.parent / "current")
            assert heard.next() == {app.parent / "current" / "a.py": (b"a = 1\n", b"a = 2\n")}
            (app.parent / "two" / "a.py").write_bytes(b"a = 3\n")
            assert heard.next() == {app.parent / "current" / "a.py": (b"a = 2\n", b"a = 3\n")}
            (app.parent / "two" / "a.py").write_bytes(b"a = 2\n")
            (app.parent / "current").unlink()
            (app.parent / "current").symlink_to("app")


def test_settings_as_kubernetes_mounts_them(app: Path):
    for version, value in (("..2024_1", b"v = 1\n"), ("..2024_2", b"v = 2\n")):
        (app / "config" / version).mkdir(parents=True)
        (app / "config" / version / "x.toml").write_bytes(value)
    (app / "config" / "..data").symlink_to("..2024_1")
    (app / "config" / "x.toml").symlink_to("..data/x.toml")
    with watching(app, patterns=["config/*.toml"]) as heard:
        (app / "config" / "..data_tmp").symlink_to("..2024_2")
        (app / "config" / "..data_tmp").rename(app / "config" / "..data")
        assert heard.next() == {app / "config" / "x.toml": (b"v = 1\n", b"v = 2\n")}


def test_links_in_a_circle(app: Path):
    (app / "one").mkdir()
    (app / "one" / "up").symlink_to(app)
    (app / "one" / "self").symlink_to(".")
    (app / "dead.py").symlink_to("nowhere.py")
    (app / "round.py").symlink_to("round.py")
    (app.parent / "elsewhere" / "back").symlink_to(app)
    (app / "there").symlink_to(app.parent / "elsewhere")
    with watching(app) as heard:
        assert heard.watcher.folders == 3
        (app / "a.py").write_bytes(b"a = 2\n")
        assert heard.next() == {app / "a.py": (b"a = 1\n", b"a = 2\n")}
        (app / "nowhere.py").write_bytes(b"n = 1\n")
        assert heard.next() == {app / "nowhere.py": (None, b"n = 1\n")}


def test_a_link_made_meanwhile(app: Path, elsewhere: Path):
    with watching(app) as heard:
        (app / "plugins").symlink_to(elsewhere)
        assert heard.next() == {app / "plugins" / "p.py": (None, b"p = 1\n")}
        (elsewhere / "p.py").write_bytes(b"p = 2\n")
        assert heard.next() == {app / "plugins" / "p.py": (b"p = 1\n", b"p = 2\n")}
        (app / "plugins").unlink()
        assert heard.next() == {app / "plugins" / "p.py": (b"p = 2\n", None)}
