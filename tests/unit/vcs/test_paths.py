from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.errors import RepositoryError
from nexoide.vcs.paths import folders_of, is_plain, prefix_of, require_plain, show


@pytest.mark.parametrize("path", ["a.py", "a/b/c.py", "-x.py", " spaced .py", "…/a", "a..b", ".gitignore", "x.git/y"])
def test_plain_paths(path):
    assert require_plain(path) == path


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "./a", "a/./b", "../a", "a/..", "a\0b", ".git/x", "a/.Git", ".GIT"])
def test_others_are_refused(path):
    assert not is_plain(path)
    with pytest.raises(RepositoryError):
        require_plain(path)


def test_shown_paths_are_printable():
    assert show("a/b.py") == "a/b.py"
    assert show("a\nb\u202e\udcff") == "'a\\nb\\u202e\\udcff'"


def test_folders_and_prefixes():
    assert folders_of("a/b/c.py") == ["a", "a/b"]
    assert folders_of("c.py") == []
    assert prefix_of(Path("/r"), Path("/r")) == ""
    assert prefix_of(Path("/r/a/b"), Path("/r")) == "a/b/"
