"""A06: GitPython's option filtering was bypassed again and again, so nothing of ours relies on it."""

from __future__ import annotations

import ast
import re
from importlib.metadata import version
from pathlib import Path

import nexoide
from nexoide.vcs import runner as module
from nexoide.vcs.runner import ENVIRONMENT, FLAGS, FOREIGN_CONFIG, Runner
from tests.support.repositories import make_sample

ROOT = Path(nexoide.__file__).parent
PLUMBING = {
    "cat-file",
    "check-attr",
    "commit-tree",
    "config",
    "diff-tree",
    "hash-object",
    "interpret-trailers",
    "ls-files",
    "ls-tree",
    "merge-base",
    "merge-file",
    "read-tree",
    "rev-list",
    "rev-parse",
    "symbolic-ref",
    "update-index",
    "update-ref",
    "worktree",
    "write-tree",
}


def test_the_installed_version_has_the_fixes():
    assert tuple(int(part) for part in re.findall(r"\d+", version("GitPython"))[:3]) >= (3, 2, 1)


def test_only_the_runner_imports_it():
    users = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in {"git", "gitdb"} for name in names):
                users.add(path.relative_to(ROOT).as_posix())
    assert users == {"vcs/runner.py"}


def test_every_command_is_plumbing_and_hardened(tmp_path, monkeypatch):
    from git.cmd import Git

    seen = []
    execute = Git.execute

    def watch(self, command, **options):
        seen.append((command, options))
        return execute(self, command, **options)

    monkeypatch.setattr(Git, "execute", watch)
    sample = make_sample(tmp_path / "shop")
    plan = sample.deploy()
    repository = sample.open()
    assert repository.is_ancestor(plan.old_commit, plan.new_commit)
    repository.published(plan)
    repository.list_files(plan.new_commit)
    repository.trailer_values("Nexoide-Patch")
    later = sample.commit("later", **{"shop/price.py": b"import os\n" + (sample.root / "shop/price.py").read_bytes()})
    sample.deploy(repository.inverse(plan, later))
    with repository.worktree(later, tmp_path):
        pass
    assert len(seen) > 40
    for command, options in seen:
        place = command.index("-C")
        flags = command[place - len(FLAGS) : place]
        assert tuple(flags) == FLAGS
        assert command[place + 2] in PLUMBING
        assert all(isinstance(word, str) for word in command)
        assert options["shell"] is False
        assert options["start_new_session"] is True
        assert ENVIRONMENT.items() <= options["env"].items()
        reads_settings = command[place + 2] in {"rev-parse", "config"}
        assert reads_settings or FOREIGN_CONFIG.items() <= options["env"].items()
    assert {command[command.index("-C") + 2] for command, _ in seen} == PLUMBING - {"check-attr"}


def test_names_that_look_like_options_are_names(tmp_path):
    sample = make_sample(tmp_path / "shop")
    sample.commit("odd", **{"--upload-pack=touch x.py": b"a = 1\n", ":(top)x.py": b"a = 1\n", "*.py": b"a = 1\n"})
    for path in ("--upload-pack=touch x.py", ":(top)x.py", "*.py"):
        plan = sample.deploy({path: b"a = 2\n"})
        assert [file.path for file in plan.files] == [path]
        assert sample.git("diff", "--name-only", "-z", plan.old_commit, plan.new_commit).strip("\0") == path
    assert sample.git("status", "--porcelain") == ""


def test_the_runner_never_uses_a_shell(tmp_path):
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert "shell=True" not in source
    sample = make_sample(tmp_path / "shop")
    done = Runner(sample.root).run("rev-parse", "--verify", "-q", "$(touch pwned)", accept=(1, 128))
    assert done.returncode
    assert not (sample.root / "pwned").exists()
