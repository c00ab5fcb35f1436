"""Git commands whose output may be endless and that may take for ever: read up to a limit of bytes and seconds, then ended."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from nexoide.errors import RepositoryError
from nexoide.vcs.runner import Runner, end, kill, reason

SECONDS = 5.0
BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed; `whole` is False where it was ended before it had printed everything."""

    data: bytes
    whole: bool


def read(runner: Runner, *arguments: str, seconds: float = SECONDS, limit: int = BYTES) -> Output:
    """Run one command that only reads, and return at most `limit` bytes of what it prints within `seconds`.

    What had been printed by then is returned; raises RepositoryError where the command fails by itself.
    """
    process = runner.start(*arguments)
    late = threading.Event()

    def give_up() -> None:
        late.set()
        kill(process)

    watchdog = threading.Timer(seconds, give_up)
    watchdog.daemon = True
    watchdog.start()
    try:
        if process.stdin is None or process.stdout is None:
            raise RepositoryError("git was started without pipes, so nothing was read: try again.")
        process.stdin.close()
        process.stdin = None  # closed by us: `communicate` must not flush it
        data = process.stdout.read(limit + 1)
        if len(data) > limit:
            return Output(data[:limit], whole=False)
        _, stderr = process.communicate()
        if process.returncode and not late.is_set():
            named = next((word for word in arguments if word in _NAMED), "git")
            raise RepositoryError(f"git {named} failed ({reason(stderr.decode('utf-8', 'replace'))}), so this is not known: see what 'git fsck' says.")
        return Output(data, whole=not late.is_set())
    finally:
        watchdog.cancel()
        end(process)


_NAMED = frozenset({"log", "blame", "rev-list"})
