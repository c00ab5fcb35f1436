"""Checks forwarding codes; run as a script on CPython 3.9 and later, with warnings as errors."""

from __future__ import annotations

import functools
import inspect
import sys
import traceback
import types
import warnings
from pathlib import Path
from typing import Any

probe = types.ModuleType("probe")
probe.__path__ = [str(Path(__file__).resolve().parents[4] / "nexoide" / "probe")]
sys.modules["probe"] = probe

from probe.reload.switch.trampoline import KINDS, KINDS_ARE_FREE, choosing, forwarder, quiet_kinds, target_of  # noqa: E402


def closure(args: Any, named: Any, _x: Any) -> Any:
    """Make a function with three free variables, two of them named like the parameters of a forwarding code."""

    def inner(q: Any, w: Any = 1) -> Any:
        return args, named, _x, q, w

    return inner


def echo(*args: Any, **named: Any) -> Any:
    """Return what it is given."""
    return args, named


class Cart:
    """A class with a method that closes over it."""

    def total(self) -> Any:
        """Use the cell."""
        return __class__  # type: ignore[name-defined]


class Odd:
    """A callable whose class must not be asked anything else."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise AssertionError("compared")

    def __call__(self, *args: Any) -> Any:
        return ("odd", *args)


async def later() -> int:
    """Be a coroutine function."""
    return 1


def check() -> None:
    """Check all of it; raises where something is wrong."""
    made = closure(1, 2, 3)
    held, bound, code = functools.partial(made, 5), Cart().total, made.__code__
    made.__code__ = forwarder(made, echo)
    assert made(5, w=6) == ((5,), {"w": 6})
    assert held() == ((5,), {})
    assert (made.__code__.co_name, made.__code__.co_filename, made.__code__.co_firstlineno) == (code.co_name, code.co_filename, code.co_firstlineno)
    assert made.__code__.co_freevars == code.co_freevars
    made.__code__ = code
    assert made(5) == (1, 2, 3, 5, 1)
    Cart.total.__code__ = forwarder(Cart.total, echo)  # type: ignore[arg-type]
    assert bound()[0][0].__class__ is Cart
    odd = Odd()
    made.__code__ = forwarder(made, odd)
    assert made(1) == ("odd", 1)
    assert target_of(made.__code__) is odd
    assert target_of(code) is None
    assert made.__code__ != code
    assert len({made.__code__, code, forwarder(made, Odd())}) == 3
    frames(made)
    kinds()


def frames(made: Any) -> None:
    """Read the variables of a forwarding frame, and its line in a traceback."""

    def fails(*_: Any) -> None:
        variables = sys._getframe(1).f_locals
        assert (variables["args"], variables["named"], variables["_x"]) == (1, 2, 3)
        raise KeyError

    made.__code__ = forwarder(made, fails)
    try:
        made(1)
    except KeyError as error:
        lines = [(entry.name, entry.lineno) for entry in traceback.extract_tb(error.__traceback__)]
        assert ("inner", made.__code__.co_firstlineno) in lines


def kinds() -> None:
    """Go through codes of other kinds, which warns since 3.13, with the program's own filters kept."""
    before, code = list(warnings.filters), later.__code__

    async def other() -> int:
        return 2

    later.__code__ = choosing(later, lambda: other, code.co_flags & KINDS) if KINDS_ARE_FREE else code
    assert inspect.iscoroutinefunction(later)
    with quiet_kinds(needed=True):
        later.__code__ = choosing(later, lambda: echo, 0)
        assert later(1) == ((1,), {})
        later.__code__ = code
    assert list(warnings.filters) == before
    if sys.version_info >= (3, 13):
        try:
            later.__code__ = choosing(later, lambda: echo, 0)
        except DeprecationWarning:
            return
        raise AssertionError("it no longer warns: the filter can go")


check()
print("fine")
