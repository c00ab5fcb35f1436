"""Every error that nexoide raises on purpose, in one tree.

    NexoideError                    exit 1   something failed that the operator can act on
    ├── UsageError                  exit 2   the command line or the request makes no sense
    │   └── ConfigError             exit 2   nexoide.toml says something that cannot be
    ├── NotFoundError               exit 3   no such patch, incident, target or event
    ├── RefusedError                exit 4   understood, and refused because it would not be safe
    │   ├── ConflictError           exit 4   somebody else decided, or the base moved
    │   ├── RepositoryError         exit 4   the repository is in a state in which nothing may be committed
    │   └── InspectionError         exit 4   a patch contains what no patch may contain
    ├── UnavailableError            exit 5   the supervisor, a target or a tool is not there
    │   └── AlreadyRunningError     exit 5   a second supervisor for one workspace
    └── JournalError                exit 6   the journal cannot be written, or does not verify
        └── CorruptJournalError     exit 6   a stored event is not what was stored

Each carries one sentence for people (what, why, what to do) and the exit code of a command that ends with it.
The HTTP API answers with the same sentence and the status in `http_status`.
"""

from __future__ import annotations


class NexoideError(Exception):
    """Base of all errors that carry a sentence for people."""

    exit_code = 1
    http_status = 500

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UsageError(NexoideError):
    """The command line or the request makes no sense."""

    exit_code = 2
    http_status = 400


class ConfigError(UsageError):
    """The workspace's settings say something that cannot be."""


class NotFoundError(NexoideError):
    """No such patch, incident, target, deployment or event."""

    exit_code = 3
    http_status = 404


class RefusedError(NexoideError):
    """The request was understood and refused, because carrying it out would not be safe."""

    exit_code = 4
    http_status = 409


class ConflictError(RefusedError):
    """Somebody else decided first, the hash does not match, or the base moved."""


class RepositoryError(RefusedError):
    """The repository is in a state in which nothing may be committed."""


class InspectionError(RefusedError):
    """A patch contains what no patch may contain."""

    http_status = 422


class UnavailableError(NexoideError):
    """The supervisor, a target or an external tool is not there."""

    exit_code = 5
    http_status = 503


class AlreadyRunningError(UnavailableError):
    """A supervisor already owns this workspace."""


class JournalError(NexoideError):
    """The journal cannot be written or read."""

    exit_code = 6
    http_status = 507


class CorruptJournalError(JournalError):
    """A stored event is not what was stored; carries the first bad sequence number."""

    def __init__(self, sentence: str, first_bad: int) -> None:
        super().__init__(sentence)
        self.first_bad = first_bad
