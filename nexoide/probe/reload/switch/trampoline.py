"""Code objects that take the place of a function's own and pass its calls on.

`__code__` can only be assigned a code with as many free variables as the function has cells, so each one is cut from a
template that closes over as many. What it calls travels in its constants, inside a holder: a code object is hashed and
compared with its constants, and the program's own `__hash__` and `__eq__` must not run for that.
"""

from __future__ import annotations

import ast
import sys
from types import CodeType, FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Optional

KINDS = 0x20 | 0x80 | 0x100 | 0x200  # generator, coroutine, iterable coroutine, asynchronous generator
KINDS_ARE_FREE = sys.version_info >= (3, 11)  # the interpreter makes generators by an instruction, not by these flags
KINDS_WARN = sys.version_info >= (3, 13)  # assigning a code of another kind warns
WARNING = "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)"
_MARK = "\0nexoide-target"
_templates: dict[tuple[tuple[str, ...], bool], CodeType] = {}


class Holder:
    """Carries what a forwarding code calls; compared and hashed by identity."""

    __slots__ = ("target",)

    def __init__(self, target: Any) -> None:
        self.target = target


def forwarder(function: FunctionType, target: Callable[..., Any]) -> CodeType:
    """Return a code for `function` that calls `target` with whatever it is given, for ever."""
    kind = target.__code__.co_flags & KINDS if type(target) is FunctionType else 0
    return _code(function, Holder(target), False, kind)


def choosing(function: FunctionType, choose: Callable[[], Any], kind: int) -> CodeType:
    """Return a code for `function` that calls what `choose()` returns at each call, on the caller's own stack.

    `kind` are the flags (generator, coroutine) that it shows to whoever asks what a call of it will give.
    """
    return _code(function, Holder(choose), True, kind)


def target_of(code: CodeType) -> Optional[Any]:
    """Return what a forwarding code calls, None for any other code."""
    for constant in code.co_consts:
        if type(constant) is Holder:
            return constant.target
    return None


def _code(function: FunctionType, holder: Holder, chooses: bool, kind: int) -> CodeType:
    old = function.__code__
    template = _template(old.co_freevars, chooses)
    named: dict[str, Any] = {"co_qualname": function.__qualname__} if hasattr(old, "co_qualname") else {}
    return template.replace(
        co_consts=tuple(holder if constant == _MARK else constant for constant in template.co_consts),
        co_name=old.co_name,
        co_filename=old.co_filename,
        co_firstlineno=old.co_firstlineno,
        co_flags=template.co_flags | kind if KINDS_ARE_FREE else template.co_flags,
        **named,
    )


def _template(free: tuple[str, ...], chooses: bool) -> CodeType:
    made = _templates.get((free, chooses))
    if made is None:
        made = _templates[(free, chooses)] = _compiled(free, chooses)
    return made


def _compiled(free: tuple[str, ...], chooses: bool) -> CodeType:
    """Compile a function nested in one that binds the free variables, so that its prologue fetches their cells."""
    # The locals' names cannot clash with a free variable of the program: no identifier begins with a dot.
    tree = ast.parse(f"def outer():\n  def inner(*args, **named):\n    return target.target{'()' if chooses else ''}(*args, **named)")
    outer: Any = tree.body[0]
    inner = outer.body[0]
    renamed = {"args": ".args", "named": ".named", "target": ".target"}
    for node in ast.walk(inner):
        if isinstance(node, ast.Name):
            node.id = renamed[node.id]
        elif isinstance(node, ast.arg):
            node.arg = renamed[node.arg]
    # What follows the return is never run and compiles to nothing, yet makes its names free variables.
    inner.body.insert(0, ast.Assign(targets=[ast.Name(id=".target", ctx=ast.Store())], value=ast.Constant(value=_MARK)))
    inner.body += [ast.Expr(value=ast.Name(id=name, ctx=ast.Load())) for name in free]
    outer.body[:0] = [ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=ast.Constant(value=None)) for name in free]
    for node in ast.walk(tree):
        for name in ("lineno", "end_lineno"):
            if hasattr(node, name):
                setattr(node, name, 1)
    module = compile(ast.fix_missing_locations(tree), "<nexoide>", "exec", dont_inherit=True)
    made = _inside(_inside(module))
    return made if made.co_freevars == free else made.replace(co_freevars=free)


def _inside(code: CodeType) -> CodeType:
    return next(constant for constant in code.co_consts if type(constant) is CodeType)


class quiet_kinds:  # noqa: N801
    """Context manager: the warning about a code of another kind is passed over by C code, whatever filters the program has.

    Without it the assignment would run the program's `showwarning` in the midst of a commit, or raise.
    """

    def __init__(self, needed: bool) -> None:
        self._needed = needed and KINDS_WARN
        self._filter: Any = None

    def __enter__(self) -> None:
        if self._needed:
            import warnings

            self._filter = ("ignore", WARNING, DeprecationWarning, None, 0)  # a plain string is compared whole, without `re`
            warnings.filters.insert(0, self._filter)  # type: ignore[attr-defined,unused-ignore]
            warnings._filters_mutated()  # type: ignore[attr-defined]  # noqa: SLF001

    def __exit__(self, *_: object) -> None:
        if self._needed:
            import warnings

            filters: Any = warnings.filters  # the list may be another one by now: `catch_warnings` in another thread swaps it
            filters[:] = [entry for entry in filters if entry is not self._filter]
            warnings._filters_mutated()  # type: ignore[attr-defined]  # noqa: SLF001
