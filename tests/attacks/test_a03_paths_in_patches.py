"""A03: traversal, absolute paths, .git in any case, links, modes: refused by the gate and by the commit path, each on its own."""

from __future__ import annotations

import pytest

from nexoide.errors import InspectionError, RepositoryError
from nexoide.patches.inspection import inspect
from tests.support.repositories import AFTER, make_sample

OUTSIDE = [
    "../x.py",
    "a/../../x.py",
    "/etc/x.py",
    "a//x.py",
    "./x.py",
    "",
    "..",
    "a/..",
    ".git/hooks/x.py",
    ".GIT/x.py",
    "a/.Git/x.py",
    "a/.gIt /x.py",
    "git~1/x.py",
    ".git./x.py",
    ".git::$INDEX_ALLOCATION/x.py",
    ".ｇit/x.py",
    ".g\u200cit/x.py",
    "a\\..\\x.py",
    "a\nb.py",
    "a\0.py",
    "a\x1b[2J.py",
    "\u202eyp.a.py",
    "a\udcff.py",
    "x" * 260 + ".py",
    "/".join(["d" * 200] * 6) + "/x.py",
]
OTHER_FILES = [".gitattributes", ".gitmodules", "Makefile", "a.pyc", "a.pth", "a.so", "a.pyi", "a.PY", ".py", "a.py/", "pyproject.toml", "setup.cfg"]
UNASKED = ["sitecustomize.py", "lib/usercustomize.py", "SiteCustomize.py", ".nexoide/x.py", "a/__pycache__/x.py"]


@pytest.mark.parametrize("path", [*OUTSIDE, *OTHER_FILES, *UNASKED])
def test_the_gate_refuses(path):
    with pytest.raises(InspectionError) as caught:
        inspect(path, b"a = 1\n", b"a = 2\n")
    assert caught.value.sentence.isprintable()
    assert caught.value.sentence.isascii()


@pytest.mark.parametrize("path", ["a.py", "deep/er/x.py", "-rf.py", "a b.py", "über.py", ".github/x.py"])
def test_the_gate_lets_plain_sources_through(path):
    inspect(path, b"a = 1\n", b"a = 2\n")


@pytest.mark.parametrize("path", ["../x.py", "/etc/x.py", ".git/x.py", ".GIT/hooks/x.py", "shop/../../x.py", "a\0b.py", "shop//x.py"])
def test_the_commit_path_refuses_by_itself(tmp_path, path):
    sample = make_sample(tmp_path / "shop")
    with pytest.raises(RepositoryError):
        sample.plan({path: AFTER})
    with pytest.raises(RepositoryError):
        sample.open().require_clean([path])
    with pytest.raises(RepositoryError):
        sample.open().blob(sample.git("rev-parse", "HEAD"), path)
    assert not (tmp_path / "x.py").exists()


def test_links_and_executables_are_never_replaced(tmp_path):
    sample = make_sample(tmp_path / "shop")
    (sample.root / "link.py").symlink_to("/etc/passwd")
    sample.write("run.py", b"x = 1\n").chmod(0o755)
    sample.commit("odd modes")
    for path in ("link.py", "run.py"):
        with pytest.raises(RepositoryError, match="100644"):
            sample.plan({path: b"y = 1\n"})
    with pytest.raises(RepositoryError, match=r"link.py is a symbolic link in git; run.py is executable"):
        sample.open().require_clean(["link.py", "run.py"])


def test_a_file_behind_a_linked_folder_is_refused(tmp_path):
    sample = make_sample(tmp_path / "shop")
    elsewhere = tmp_path / "elsewhere"
    (sample.root / "shop").rename(elsewhere)
    (sample.root / "shop").symlink_to(elsewhere)
    with pytest.raises(RepositoryError, match="reached through the symbolic link shop"):
        sample.open().require_clean(["shop/price.py"])


def test_a_file_swapped_for_a_link_is_refused(tmp_path):
    sample = make_sample(tmp_path / "shop")
    copy = tmp_path / "copy.py"
    target = sample.root / "shop/price.py"
    copy.write_bytes(target.read_bytes())
    target.unlink()
    target.symlink_to(copy)
    with pytest.raises(RepositoryError, match="is a symbolic link"):
        sample.open().require_clean(["shop/price.py"])
