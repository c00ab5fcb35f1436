from __future__ import annotations

import pytest

from nexoide.errors import InspectionError
from nexoide.patches.naming import check_new_file, check_path, check_shadows, is_test_surface, show


def test_plain_sources_pass():
    for path in ("a.py", "a/b/c.py", "a/.hidden.py", "a..b.py", "git.py", "x.git/a.py"):
        check_path(path)


def test_the_sentence_names_the_character():
    with pytest.raises(InspectionError, match=r"contains U\+200B, U\+202E"):
        check_path("a\u202e\u200b.py")


def test_shown_paths_are_ascii():
    assert show("a/b.py") == "a/b.py"
    assert show("é.py") == "'\\xe9.py'"
    assert len(show("x" * 5000)) < 320


def test_new_files_do_not_shadow_the_standard_library():
    for path in ("json.py", "JSON.py", "src/re/__init__.py", "lib/os.py"):
        with pytest.raises(InspectionError, match="instead of Python's own"):
            check_new_file(path)
    for path in ("orders.py", "app/json.py", "re/helpers.py"):
        check_new_file(path)


def test_one_module_has_one_file():
    with pytest.raises(InspectionError, match="one module"):
        check_shadows(["n.py", "n/__init__.py"], [])
    with pytest.raises(InspectionError, match="case alone"):
        check_shadows(["a/N.py"], ["a/n.py"])
    check_shadows(["n.py", "m/__init__.py", "m/n.py"], ["n.py", "m/__init__.py"])


def test_what_changes_the_tests():
    assert is_test_surface("a/conftest.py")
    assert is_test_surface("Tests/x.py")
    assert not is_test_surface("contest.py")
    assert not is_test_surface("latest/x.py")
