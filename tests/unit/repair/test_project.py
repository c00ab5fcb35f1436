from __future__ import annotations

import pytest

from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import Module, UnreadableError, check_source


def test_only_the_project_s_own_files_are_listed(tmp_path):
    for name in (
        "a.py",
        "pkg/b.py",
        ".git/c.py",
        ".venv/d.py",
        "node_modules/e.py",
        ".nexoide/f.py",
        "lib/site-packages/g.py",
        "own/h.py",
        "own/pyvenv.cfg",
        "pkg/i.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    project = Project(tmp_path)
    assert project.files == ("a.py", "pkg/b.py")
    assert project.relative(str(tmp_path / "pkg/b.py")) == "pkg/b.py"
    assert project.relative(str(tmp_path / "own/h.py")) is None
    assert project.relative("/usr/lib/python3/json.py") is None
    assert project.relative(str(tmp_path / "lib/site-packages/g.py")) is None


def test_links_lead_nowhere(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("password = 1\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.py").symlink_to(outside / "secret.py")
    (root / "folder").symlink_to(outside)
    project = Project(root)
    for rel in ("link.py", "folder/secret.py", "../outside/secret.py", "/etc/passwd"):
        with pytest.raises(UnreadableError):
            project.read(rel)
    assert list(project.containing("password")) == []


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    assert Project(tmp_path).module("a.py").text == "x = 1\n"
    path.write_text("x = 2\n")
    assert Project(tmp_path).module("a.py").text == "x = 2\n"


def test_the_number_of_files_is_bounded(tmp_path):
    for number in range(2010):
        (tmp_path / f"m{number}.py").touch()
    assert len(Project(tmp_path).files) == 2000


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"# coding: unicode_escape\nx = 1\n", "encoding"),
        (b"#!/bin/sh\n# -*- coding: utf-7 -*-\n", "encoding"),
        (b"x = 1\rimport os\n", "carriage return"),
        (b"x = 1\x00\n", "NUL"),
        (b"\xef\xbb\xbfx = 1\n", "byte order mark"),
        (b"x = '\xff'\n", "UTF-8"),
        (b"x = " + b"(" * 101 + b"1" + b")" * 101 + b"\n", "nests brackets"),
        (b"#" * (1 << 20) + b"#\n", "larger"),
    ],
)
def test_a10_what_python_and_an_editor_read_differently_is_not_read(data, word):
    with pytest.raises(UnreadableError, match=word):
        check_source(data)


def test_brackets_in_strings_do_not_count():
    assert check_source(b"x = '" + b"(" * 500 + b"'\n")


def test_positions_are_code_points_not_bytes():
    module = Module("a.py", "é = 'ü'; b = é.real\n".encode())
    node = module.tree.body[1].value
    assert module.segment(node) == "é.real"


def test_tests_are_recognised():
    assert is_test("tests/test_a.py")
    assert is_test("pkg/conftest.py")
    assert is_test("a/test/x.py")
    assert not is_test("testing.py")
