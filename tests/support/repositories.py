"""Real git repositories for tests: healthy ones, and ones whose settings name a program wherever git would run it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from nexoide.model.deployment import DeploymentPlan
from nexoide.vcs.repository import Repository
from tests.support.project import GIT_ENV

BEFORE = b"def price(order):\n    return order.total\n\n\ndef name(order):\n    return order.title\n"
AFTER = BEFORE.replace(b"order.total", b"order.total or 0")
WHEN = 1_700_000_000.0


@dataclass(frozen=True)
class Sample:
    """A work tree with its git, run as a person would run it (porcelain, no settings of the machine)."""

    root: Path

    def git(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, env=GIT_ENV, input=stdin, check=check, capture_output=True)
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, path: str, data: bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return target

    def commit(self, message: str = "change", **files: bytes) -> str:
        for path, data in files.items():
            self.write(path, data)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def open(self) -> Repository:
        found = Repository.open(self.root)
        assert found is not None
        return found

    def plan(self, changes: dict[str, bytes] | None = None, repository: Repository | None = None) -> DeploymentPlan:
        repository = repository or self.open()
        chosen = {"shop/price.py": AFTER} if changes is None else changes
        return repository.prepare(chosen, message="Fix the price", trailers=[("Nexoide-Patch", "P-1")], parent=repository.head(), author=None, when=WHEN)

    def deploy(self, changes: dict[str, bytes] | None = None) -> DeploymentPlan:
        """Do all that a deployment does: prepare, publish, write the files, tell the index."""
        chosen = {"shop/price.py": AFTER} if changes is None else changes
        repository = self.open()
        repository.require_clean(list(chosen))
        plan = self.plan(chosen, repository)
        repository.publish(plan)
        for path, data in chosen.items():
            self.write(path, data)
        repository.sync_index(plan)
        return plan


def make_sample(root: Path) -> Sample:
    """Make a repository of three committed files on branch main."""
    root.mkdir(parents=True, exist_ok=True)
    sample = Sample(root)
    sample.git("init", "-q", "-b", "main")
    sample.git("config", "user.name", "Grace")
    sample.git("config", "user.email", "grace@example.org")
    sample.write("shop/price.py", BEFORE)
    sample.write("shop/notes.txt", b"one\n")
    sample.commit("first", README=b"a shop\n")
    return sample


def make_hostile(sample: Sample, marker: Path) -> None:
    """Name a program that creates `marker` in every setting, hook and attribute through which git runs one."""
    payload = sample.root.parent / "payload.sh"
    payload.write_text(f"#!/bin/sh\necho $0 $* >> {marker}\ncat\nexit 0\n")
    payload.chmod(0o755)
    sample.write(".gitattributes", b"*.py filter=evil diff=evil merge=evil\n")
    sample.git("add", ".gitattributes")
    sample.git("commit", "-q", "-m", "attributes")
    hooks = sample.root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-index-change", "post-checkout", "pre-commit", "post-commit", "commit-msg", "prepare-commit-msg"):
        (hooks / name).write_text(f"#!/bin/sh\necho {name} >> {marker}\n")
        (hooks / name).chmod(0o755)
    program = str(payload)
    settings = {
        "core.fsmonitor": program,
        "filter.evil.clean": program,
        "filter.evil.smudge": program,
        "filter.evil.process": program,
        "filter.evil.required": "true",
        "diff.external": program,
        "diff.evil.textconv": program,
        "diff.evil.command": program,
        "merge.evil.driver": f"{program} %A",
        "gpg.program": program,
        "gpg.ssh.program": program,
        "commit.gpgSign": "true",
        "log.showSignature": "true",
        "core.sshCommand": program,
        "core.pager": program,
        "pager.diff-tree": program,
        "core.editor": program,
        "core.askPass": program,
        "credential.helper": f"!{program}",
        "trailer.nexoide-patch.command": program,
        "trailer.sign.key": "Signed-off-by",
        "trailer.sign.ifmissing": "add",
        "trailer.sign.command": program,
        "hook.evil.event": "reference-transaction",
        "hook.evil.command": program,
        "remote.origin.url": str(sample.root),
        "remote.origin.uploadpack": f"sh -c 'echo uploadpack >> {marker}; exit 1' --",
        "remote.origin.promisor": "true",
        "i18n.commitEncoding": "utf-16",
        "core.autocrlf": "input",
        "protocol.ext.allow": "always",
    }
    for key, value in settings.items():
        sample.git("config", key, value)
