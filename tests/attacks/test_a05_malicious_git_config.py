"""A05: settings, hooks and attributes that name programs; none of them runs, whatever nexoide does with the repository."""

from __future__ import annotations

import subprocess

import pytest

from nexoide.errors import RepositoryError
from tests.support.project import GIT_ENV
from tests.support.repositories import AFTER, BEFORE, make_hostile, make_sample


@pytest.fixture
def marker(tmp_path):
    return tmp_path / "executed"


@pytest.fixture
def hostile(tmp_path, marker):
    sample = make_sample(tmp_path / "shop")
    make_hostile(sample, marker)
    marker.unlink(missing_ok=True)
    return sample


def plain_git(sample, *arguments):
    env = {**GIT_ENV, "GIT_TERMINAL_PROMPT": "0"}
    subprocess.run(["git", *arguments], cwd=sample.root, env=env, check=False, capture_output=True, timeout=20, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("vector", "arguments"),
    [
        ("payload.sh", ("status",)),
        ("payload.sh", ("diff",)),
        ("payload.sh", ("add", "shop/price.py")),
        ("reference-transaction", ("update-ref", "refs/heads/x", "HEAD")),
        ("post-index-change", ("update-index", "--force-remove", "README")),
        ("post-checkout", ("checkout", "-b", "side")),
        ("uploadpack", ("cat-file", "-p", "1" * 40)),
    ],
)
def test_the_payloads_are_live_under_plain_git(hostile, marker, vector, arguments):
    hostile.git("config", "core.repositoryFormatVersion", "1")
    hostile.git("config", "extensions.partialClone", "origin")
    hostile.write("shop/price.py", AFTER)
    marker.unlink(missing_ok=True)
    plain_git(hostile, *arguments)
    assert vector in marker.read_text()


def test_a_whole_deployment_and_its_revert_execute_nothing(hostile, marker, tmp_path):
    repository = hostile.open()
    repository.require_committable()
    plan = hostile.deploy()
    assert repository.published(plan) == "yes"
    assert repository.trailer_values("Nexoide-Patch") == ["P-1"]
    assert "shop/price.py" in repository.list_files(plan.new_commit)
    assert repository.is_ancestor(plan.old_commit, plan.new_commit)
    with repository.worktree(plan.new_commit, tmp_path) as folder:
        assert (folder / "shop/price.py").read_bytes() == AFTER
    repository.prune_worktrees()
    hostile.deploy(repository.inverse(plan, plan.new_commit))
    again = hostile.deploy()
    hostile.write("shop/price.py", BEFORE)
    repository.retract(again)
    assert not marker.exists(), marker.read_text()
    assert repository.blob(repository.head(), "shop/price.py") == BEFORE


def test_a_dirty_hostile_tree_is_refused_without_running_its_filters(hostile, marker):
    hostile.write("shop/price.py", AFTER)
    with pytest.raises(RepositoryError, match="filter"):
        hostile.open().require_clean(["shop/price.py"])
    assert not marker.exists(), marker.read_text()


def test_the_message_is_utf8_and_unsigned_whatever_the_settings_say(hostile, marker):
    plan = hostile.plan()
    raw = hostile.git("cat-file", "commit", plan.new_commit)
    marker.unlink(missing_ok=True)
    assert "encoding " not in raw
    assert "gpgsig" not in raw
    assert raw.endswith("\n\nFix the price\n\nNexoide-Patch: P-1")


def test_a_missing_object_does_not_call_the_promisor_remote(hostile, marker):
    hostile.git("config", "core.repositoryFormatVersion", "1")
    hostile.git("config", "extensions.partialClone", "origin")
    oid = hostile.git("rev-parse", "HEAD:shop/price.py")
    head = hostile.git("rev-parse", "HEAD")
    (hostile.root / ".git/objects" / oid[:2] / oid[2:]).unlink()
    marker.unlink(missing_ok=True)
    with pytest.raises(RepositoryError):
        hostile.open().blob(head, "shop/price.py")
    with pytest.raises(RepositoryError):
        hostile.plan()
    assert not marker.exists(), marker.read_text()


def test_an_included_config_file_is_as_harmless(hostile, marker, tmp_path):
    payload = tmp_path / "payload.sh"
    (tmp_path / "more.config").write_text(f"[core]\n\tfsmonitor = {payload}\n\thooksPath = {hostile.root}/.git/hooks\n")
    hostile.git("config", "include.path", str(tmp_path / "more.config"))
    marker.unlink(missing_ok=True)
    hostile.deploy()
    assert not marker.exists(), marker.read_text()


def test_an_embedded_bare_repository_is_not_used(tmp_path, marker):
    """A folder of the work tree can hold a bare repository with a config of its own."""
    from nexoide.vcs.repository import Repository

    sample = make_sample(tmp_path / "shop")
    inner = sample.root / "docs"
    subprocess.run(["git", "init", "-q", "--bare", str(inner)], env=GIT_ENV, check=True)
    with (inner / "config").open("a") as config:
        config.write(f"[core]\n\tfsmonitor = touch {marker}\n")
    repository = Repository.open(inner)
    assert repository is not None
    with pytest.raises(RepositoryError, match="bare"):
        repository.require_committable()
    assert not marker.exists()


def test_hooks_named_in_settings_are_switched_off_by_name(hostile):
    """Git 2.54 runs them besides core.hooksPath; older ones ignore the setting."""
    hostile.git("config", "hook.a=b c.event", "reference-transaction")
    repository = hostile.open()
    assert repository._work().runner.silenced == ("a=b c", "evil")
    answer = repository._work().runner.run("config", "--get-all", "hook.a=b c.enabled").text
    assert answer == "false"
