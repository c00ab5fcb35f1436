"""A pipe that ends a thread's wait, and how a descriptor is known again: a program may close or reuse whatever it did not open."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional


def identity(fd: int) -> Optional[tuple[int, int]]:
    """Return what tells a descriptor's file from every other, None where there is none."""
    try:
        found = os.fstat(fd)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Wake:
    """A pipe that ends the thread's wait; knows when the program closed it or took its number for something else."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        os.set_blocking(self.writer, False)
        self._identity = identity(self.reader)

    def intact(self) -> bool:
        """Tell whether both ends are still this pipe's."""
        return self._identity is not None and identity(self.reader) == self._identity == identity(self.writer)

    def ring(self) -> None:
        """End the wait, now or when it next begins."""
        try:
            if self.intact():
                os.write(self.writer, b"!")
        except OSError:
            pass  # full: it is ringing already

    def quiet(self) -> None:
        """Take out what was rung."""
        try:
            os.read(self.reader, 4096)
        except OSError:
            pass

    def close(self) -> None:
        """Close both ends, where they are still ours."""
        if self.intact():
            os.close(self.reader)
            os.close(self.writer)
