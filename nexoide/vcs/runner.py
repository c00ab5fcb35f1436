"""The one place that runs git: argument lists only, hardened against the repository's own configuration.

A repository is data. Its config can name programs (hooks, filters, monitors, transports, signers), so every command
runs with flags that switch those off, with an environment of its own, and outside the reach of the operator's global
settings; commands that would still run filters (`add`, `status`, `checkout`, `commit`) are not used at all.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from nexoide.errors import RepositoryError, UnavailableError

if TYPE_CHECKING:
    from git.cmd import Git

TIMEOUT = 30.0
_MAX_STDERR = 4000

FLAGS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.pager=cat"),
    *("-c", "core.sshCommand=false"),
    *("-c", "core.askPass="),
    *("-c", "credential.helper="),
    *("-c", "diff.external="),
    *("-c", "protocol.allow=never"),
    *("-c", "protocol.ext.allow=never"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "log.showSignature=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "submodule.recurse=false"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "i18n.commitEncoding=UTF-8"),
    *("-c", "core.filesRefLockTimeout=0"),  # locks are waited for, and explained, by publish.py
    *("-c", "core.packedRefsTimeout=0"),
    *("-c", "core.fsync=committed"),  # loose objects too: a branch must never survive a power cut that its commit does not
)

ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # a replace ref shows other bytes than those which are committed
    "GIT_NO_LAZY_FETCH": "1",  # a missing object of a partial clone would run its remote's uploadpack program
    "GIT_ALLOW_PROTOCOL": "none",  # the same for git older than 2.45
    "GIT_SSH_COMMAND": "false",
    "GIT_EDITOR": "false",
    "GIT_ATTR_NOSYSTEM": "1",
}

FOREIGN_CONFIG = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}


@dataclass(frozen=True, slots=True)
class Completed:
    """What a git command gave: exit status, output bytes, and the beginning of what it said on stderr."""

    returncode: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """The output as one text without the last newline (undecodable bytes as surrogates, as in file names)."""
        return os.fsdecode(self.stdout).removesuffix("\n")


class GitError(RepositoryError):
    """A git command failed; keeps its exit status and stderr for callers that know what they mean."""

    def __init__(self, sentence: str, returncode: int, stderr: str) -> None:
        super().__init__(sentence)
        self.returncode = returncode
        self.stderr = stderr


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs git in `folder`, against an explicit git dir and work tree where these are known.

    `silenced` names hooks which the repository's config defines (git 2.54 and later) and which must not run.
    """

    folder: Path
    git_dir: Path | None = None
    work_tree: Path | None = None
    silenced: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        accept: Collection[int] = (0,),
        timeout: float = TIMEOUT,
        environment: Mapping[str, str] | None = None,
        operator_config: bool = False,
    ) -> Completed:
        """Run one git command to its end and return what it gave.

        `operator_config` lets the operator's global and system settings count (identity, safe.directory), for commands
        that only read. Raises GitError where the exit status is not in `accept` or `timeout` seconds pass, and
        UnavailableError where there is no git.
        """
        process = self.start(*arguments, environment=environment, operator_config=operator_config)
        try:
            stdout, stderr = process.communicate(stdin, timeout=timeout)
        except subprocess.TimeoutExpired:
            end(process)
            sentence = f"git {arguments[0]} did not finish within {timeout:g} s and was ended: see whether the disk answers, then try again."
            raise GitError(sentence, -9, "") from None
        done = Completed(process.returncode, stdout, stderr.decode("utf-8", "replace")[:_MAX_STDERR])
        if done.returncode not in accept:
            sentence = f"git {arguments[0]} failed ({reason(done.stderr)}), so nothing was done: see what 'git status' and 'git fsck' say."
            raise GitError(sentence, done.returncode, done.stderr)
        return done

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None, operator_config: bool = False) -> subprocess.Popen[bytes]:
        """Start one git command with three pipes, in a session of its own: a Ctrl-C must not tear it in the middle."""
        settings = self._environment(environment or {}, operator_config=operator_config)
        git = _git(self.folder)
        command = [*_without_foreign_variables(settings), str(git.GIT_PYTHON_GIT_EXECUTABLE), *FLAGS, "-C", str(self.folder), *arguments]
        wrapped = git.execute(command, istream=subprocess.PIPE, as_process=True, env=settings, shell=False, start_new_session=True)
        process = wrapped.proc
        wrapped.proc = None  # ours to end: the wrapper would kill it when collected
        assert process is not None
        return process

    def _environment(self, environment: Mapping[str, str], *, operator_config: bool) -> dict[str, str]:
        settings = dict(ENVIRONMENT)
        if not operator_config:
            settings.update(FOREIGN_CONFIG)
        if self.git_dir is not None:
            settings["GIT_DIR"] = str(self.git_dir)
        if self.work_tree is not None:
            settings["GIT_WORK_TREE"] = str(self.work_tree)
        settings["GIT_CONFIG_COUNT"] = str(len(self.silenced))
        for number, name in enumerate(self.silenced):
            settings[f"GIT_CONFIG_KEY_{number}"] = f"hook.{name}.enabled"
            settings[f"GIT_CONFIG_VALUE_{number}"] = "false"
        return {**settings, **self.extra, **environment}


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a command of ours and whatever it started; whoever reads from it sees its end."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a command of ours where it still runs, and collect it."""
    kill(process)
    process.communicate()


def reason(stderr: str) -> str:
    """Return the first telling line of git's stderr, printable, without its prefix and its full stop."""
    lines = [line.strip() for line in stderr.split("\n") if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines or ["it said nothing"]
    line = re.sub(r"^(fatal|error): ", "", telling[0])
    return "".join(character if character.isprintable() else "?" for character in line)[:300].rstrip(".")


def _git(folder: Path) -> Git:
    try:
        from git.cmd import Git
    except ImportError as error:
        raise UnavailableError("git is not installed or does not start: install git 2.35 or later and try again.") from error
    if not folder.is_dir():
        raise RepositoryError(f"The folder {folder} is no longer there: bring it back, or start in another one.")
    return Git(str(folder))


def _without_foreign_variables(settings: Mapping[str, str]) -> list[str]:
    """Return a prefix that drops inherited GIT_* variables: inside a hook or `rebase --exec` they name another repository."""
    foreign = [name for name in os.environ if name.startswith("GIT_") and name not in settings]
    return ["env", *(word for name in foreign for word in ("-u", name))] if foreign else []
