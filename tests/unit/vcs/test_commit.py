from __future__ import annotations

import hashlib

import pytest

from nexoide.errors import ConflictError, RepositoryError, UsageError
from tests.support.repositories import AFTER, BEFORE, WHEN, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def prepare(repository, changes, **more):
    options = {"message": "Fix", "trailers": [("Nexoide-Patch", "P-1")], "parent": repository.head(), "author": None, "when": WHEN}
    return repository.prepare(changes, **{**options, **more})


def test_the_plan_says_everything(sample):
    plan = sample.plan()
    (file,) = plan.files
    assert (plan.ref, plan.old_commit) == ("refs/heads/main", sample.git("rev-parse", "HEAD"))
    assert (file.path, file.before_sha256, file.after_sha256) == ("shop/price.py", hashlib.sha256(BEFORE).hexdigest(), hashlib.sha256(AFTER).hexdigest())
    assert file.before_oid == sample.git("rev-parse", "HEAD:shop/price.py")
    assert file.after_oid == sample.git("rev-parse", f"{plan.new_commit}:shop/price.py")


def test_nothing_is_visible_before_publishing(sample):
    before = (sample.git("rev-parse", "HEAD"), sample.git("status", "--porcelain"), (sample.root / ".git/index").read_bytes())
    sample.plan()
    assert (sample.git("rev-parse", "HEAD"), sample.git("status", "--porcelain"), (sample.root / ".git/index").read_bytes()) == before
    assert (sample.root / "shop/price.py").read_bytes() == BEFORE


def test_the_commit_is_what_was_asked_for(sample):
    plan = sample.plan()
    assert sample.git("log", "-1", "--format=%an <%ae> %cn %at %P%n%B", plan.new_commit) == (
        f"Grace <grace@example.org> Grace 1700000000 {plan.old_commit}\nFix the price\n\nNexoide-Patch: P-1\n"
    )
    assert sample.git("diff", "--name-only", plan.old_commit, plan.new_commit) == "shop/price.py"


def test_an_author_can_be_given(sample):
    plan = prepare(sample.open(), {"shop/price.py": AFTER}, author=("Eve <x>\n", "eve@example.org"))
    assert sample.git("log", "-1", "--format=%an|%ae", plan.new_commit) == "Eve x|eve@example.org"


def test_without_an_identity_the_fallback_is_stated(sample, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    sample.git("config", "--unset", "user.name")
    plan = sample.plan()
    assert sample.git("log", "-1", "--format=%an|%ae", plan.new_commit) == "nexoide operator|operator@localhost"


def test_bytes_are_committed_as_they_are(sample):
    sample.git("config", "core.autocrlf", "input")
    data = b"a = 1\r\nb = 2\n\xff no newline"
    plan = prepare(sample.open(), {"shop/price.py": data})
    assert sample.open().blob(plan.new_commit, "shop/price.py") == data


def test_a_file_can_be_created(sample):
    plan = sample.deploy({"shop/new/deep.py": b"x = 1\n", "shop/price.py": AFTER})
    created = next(file for file in plan.files if file.path == "shop/new/deep.py")
    assert (created.before_sha256, created.before_oid) == ("", "")
    assert sample.git("status", "--porcelain") == ""
    assert sample.git("ls-tree", "HEAD", "shop/new/deep.py").startswith("100644 blob")


def test_two_hundred_files_are_one_commit(sample):
    plan = prepare(sample.open(), {f"many/f{number}.py": b"%d\n" % number for number in range(200)})
    assert len(plan.files) == 200
    with pytest.raises(RepositoryError, match="between 1 and 200"):
        prepare(sample.open(), {f"many/f{number}.py": b"" for number in range(201)})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "0 files"),
        ({"shop/price.py": BEFORE}, "changes nothing"),
        ({"README/a.py": b"x"}, "no folder in git"),
        ({"shop": b"x"}, "not a plain 100644 file"),
        ({"shop/Price.py": b"x"}, "case alone"),
        ({"../out.py": b"x"}, "not a plain path"),
        ({"/etc/out.py": b"x"}, "not a plain path"),
        ({"a//b.py": b"x"}, "not a plain path"),
        ({".GIT/config": b"x"}, "git's own folder"),
    ],
)
def test_what_cannot_be_committed_is_refused(sample, changes, sentence):
    with pytest.raises(RepositoryError, match=sentence):
        prepare(sample.open(), changes)


def test_a_moved_branch_is_a_conflict(sample):
    repository = sample.open()
    old = repository.head()
    sample.commit("later", other=b"x")
    with pytest.raises(ConflictError, match="validate the patch again"):
        prepare(repository, {"shop/price.py": AFTER}, parent=old)


def test_a_bad_trailer_leaves_nothing(sample):
    with pytest.raises(UsageError):
        prepare(sample.open(), {"shop/price.py": AFTER}, trailers=[("bad key", "x")])


def test_the_workspace_can_be_a_subfolder(sample):
    from nexoide.vcs.repository import Repository

    repository = Repository.open(sample.root / "shop")
    assert repository is not None
    plan = prepare(repository, {"price.py": AFTER})
    assert plan.files[0].path == "price.py"
    assert sample.git("diff", "--name-only", plan.old_commit, plan.new_commit) == "shop/price.py"
    assert repository.list_files(plan.new_commit) == ["notes.txt", "price.py"]
    assert repository.blob(plan.new_commit, "price.py") == AFTER
    repository.publish(plan)
    (sample.root / "shop/price.py").write_bytes(AFTER)
    repository.sync_index(plan)
    assert sample.git("status", "--porcelain") == ""
