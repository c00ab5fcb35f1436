"""F25: newlines, undecodable bytes, leading hyphens, right-to-left marks, 255 bytes: exact, or refused and shown escaped."""

from __future__ import annotations

import os

import pytest

from nexoide.errors import InspectionError, RepositoryError
from nexoide.patches.inspection import inspect
from tests.support.repositories import make_sample

NAMES = [
    "-rf.py",
    "--all",
    "a b.py",
    "new\nline.py",
    "tab\t.py",
    'quote".py',
    "back\\slash.py",
    "\u202eyp.evil.py",
    os.fsdecode(b"\xff\xfe.py"),
    "n" * 252 + ".py",
    "*.py",
    ":(exclude)a.py",
    "ünïcödé.py",
    "HEAD",
]


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_handled_exactly(sample, name, tmp_path):
    path = f"odd/{name}"
    head = sample.commit("odd", **{path: b"a = 1\n", "odd/other.py": b"b = 1\n"})
    repository = sample.open()
    assert path in repository.list_files(head)
    assert repository.blob(head, path) == b"a = 1\n"
    plan = sample.deploy({path: b"a = 2\n"})
    assert [file.path for file in plan.files] == [path]
    assert sample.git("diff", "-z", "--name-only", plan.old_commit, plan.new_commit) == path + "\0"
    assert sample.git("status", "--porcelain") == ""
    assert repository.inverse(plan, plan.new_commit) == {path: b"a = 1\n"}
    with repository.worktree(plan.new_commit, tmp_path) as folder:
        assert (folder / path).read_bytes() == b"a = 2\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_shows_it_escaped(sample, name):
    sample.write(name, b"a = 1\n")
    with pytest.raises(RepositoryError) as caught:
        sample.open().require_clean([name])
    assert caught.value.sentence.isprintable()
    assert "is not tracked by git" in caught.value.sentence


@pytest.mark.parametrize("name", ["new\nline.py", "tab\t.py", "\u202eyp.evil.py", os.fsdecode(b"\xff.py"), "back\\slash.py", "n" * 253 + ".py"])
def test_a_patch_of_a_misleading_name_is_refused(name):
    with pytest.raises(InspectionError) as caught:
        inspect(name, b"a = 1\n", b"a = 2\n")
    assert caught.value.sentence.isprintable()
