"""A program in the foreground of this terminal: it has our input and output, gets our signals, and its exit code becomes ours."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
from collections.abc import Mapping, Sequence

from nexoide.errors import NotFoundError, RefusedError, UsageError
from nexoide.supervisor.processes import Seen, end, look

FORWARDED = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2})
GRACE_SECONDS = 5.0


class Program:
    """One program, started as a shell in this place would start it: same process group, same terminal, same folder."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command, self._environment = tuple(command), dict(environment)
        self.pid = 0
        self._again = False

    def start(self) -> None:
        """Start it; raises NotFoundError, RefusedError and UsageError where it cannot be."""
        name = self._command[0]
        try:
            # Not by subprocess: the child must not inherit the signals that are blocked here, and no code of ours runs in it.
            self.pid = os.posix_spawnp(name, self._command, self._environment, setsigmask=(), setsigdef=(signal.SIGPIPE, signal.SIGXFSZ))
        except FileNotFoundError:
            raise NotFoundError(f"There is no program {name}: name one that is on PATH, or give its path.") from None
        except PermissionError:
            raise RefusedError(f"{shutil.which(name) or name} may not be executed: mend its permissions.") from None
        except OSError as error:
            raise UsageError(f"{name} cannot be executed ({error.strerror}): is it a program?") from None

    async def run(self) -> int:
        """Wait until it ends for good (not by `restart`); returns its exit code as a shell has it."""
        while True:
            code = await self._ended()
            if not self._again:
                return code
            self._again = False
            self.start()

    async def _ended(self) -> int:
        loop = asyncio.get_running_loop()
        over = loop.create_future()
        handle = os.pidfd_open(self.pid)
        loop.add_reader(handle, over.cancel)
        try:
            await asyncio.wait([over])
        finally:
            loop.remove_reader(handle)
            os.close(handle)
        _, status = os.waitpid(self.pid, 0)  # noqa: ASYNC222 - it has ended: this reaps it, and waits for nothing
        self.pid = 0
        code = os.waitstatus_to_exitcode(status)
        return 128 - code if code < 0 else code

    async def restart(self, others: Sequence[int] = ()) -> None:
        """End it (and `others`, processes that it started): TERM, then KILL; `run` starts it again."""
        self._again = True
        pids = {self.pid, *others}
        known = {pid: seen for pid in pids if pid and (seen := look(pid)) is not None}

        def living() -> list[Seen]:
            return [now for pid, seen in known.items() if (now := look(pid)) is not None and now.start_time == seen.start_time and now.state not in "ZX"]

        await end(living, GRACE_SECONDS)

    def signal(self, number: int) -> None:
        """Pass a signal on, where it still runs."""
        try:
            if self.pid:
                os.kill(self.pid, number)
        except ProcessLookupError:
            pass


class Signals:
    """Takes the signals that are meant for the program.

    What the terminal sends (Ctrl-C) goes to the whole foreground group and so to the program as well: only what a
    process sent to us alone is passed on. Used from the main thread, before any other thread is started.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        self._over = False
        self._thread = threading.Thread(target=self._take, name="signals", daemon=True)
        self._thread.start()

    def _take(self) -> None:
        while not self._over:
            found = signal.sigtimedwait(FORWARDED, 60.0)
            if found is not None and not self._over and found.si_code <= 0:
                self._program.signal(found.si_signo)

    def close(self) -> None:
        """Give the signals back to whoever had them."""
        self._over = True
        if self._thread.ident is not None:
            signal.pthread_kill(self._thread.ident, signal.SIGUSR2)
        self._thread.join(2)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
