"""Values that the program keeps from calls of changed code: `lru_cache`, `cached_property`, and what dispatch and ABCs remember.

A cache is emptied in the same C call that puts the new code in place. Caches of unrelated functions keep what they have.
"""

from __future__ import annotations

import _thread
import functools
import gc
import io
import sys
import time
from collections import deque
from functools import partial
from operator import methodcaller
from types import FunctionType, ModuleType

from ..values import BOUND_KINDS, Kinds, _module_vars, _mro, _type_vars, instance_vars, type_module, type_name
from .touched import LRU, MAX_ITEMS, Touched, named_things

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .plan import Shared

WAIT_S = 600.0
_call = methodcaller("__call__")
_SHAPING = ("__bases__", "__dataclass_fields__", "__abstractmethods__")
_CONTAINERS = Kinds(list, tuple, set, frozenset, dict)
_DATA = Kinds(str, bytes, int, float, complex, bool, type(None), list, tuple, dict, set, frozenset, bytearray, range)
_cached_property: Any = functools.cached_property


def plan(shared: Shared) -> None:
    """Plan the emptying of every cache whose values come from what this transaction changes."""
    if not (len(shared.operations) or shared.early or shared.late or shared.removals or shared.forwards):
        return
    touched = Touched(shared)
    if not touched:
        return
    for module, owner, name, raw in named_things(shared):
        value = raw.__func__ if type(raw) in BOUND_KINDS else raw
        kind = type(value)
        if kind is LRU:
            _lru(shared, touched, module, owner, name, value)
        elif kind is _cached_property:
            _property(shared, touched, module, owner, name, value)
        elif kind is FunctionType and "_clear_cache" in instance_vars(value) and "registry" in instance_vars(value):
            _dispatch(shared, touched, value)
    for value in _others(shared, touched):
        _lru(shared, touched, sys.modules.get(_home(value)), None, "", value)
    _abstract(shared, touched)
    again = shared.__dict__.get("emptied")
    if again:
        shared.after.append(partial(_again, shared.replaced, again))


def _again(replaced: dict[int, str], clears: list[Any]) -> None:
    """Empty caches once more when the calls are over that still run old code, and may store what it computes."""
    codes = set(replaced)
    if not _inside(codes):
        deque(map(_call, clears), maxlen=0)
        return

    def wait() -> None:
        pause, until = 0.005, time.monotonic() + WAIT_S
        while _inside(codes) and time.monotonic() < until:
            time.sleep(pause)
            pause = min(pause * 1.02, 0.25)
        deque(map(_call, clears), maxlen=0)

    try:
        _thread.start_new_thread(wait, ())
    except RuntimeError:  # no thread can be started now: the caches were emptied once, at the commit
        return


def _inside(codes: set[int]) -> bool:
    for top in list(sys._current_frames().values()):  # noqa: SLF001
        frame: Any = top
        while frame is not None:
            if id(frame.f_code) in codes:
                return True
            frame = frame.f_back
    return False


def _home(value: Any) -> str:
    name = instance_vars(value).get("__module__")
    return name if type(name) is str else ""


def _others(shared: Shared, touched: Touched) -> list[Any]:
    """Return the `lru_cache` wrappers of the heap that no name of a module or class leads to, where the heap was looked at."""
    return list(getattr(shared.heap, "caches", ())) if shared.heap.scanned else []


def _lru(shared: Shared, touched: Touched, module: Any, owner: Any, name: str, wrapper: Any) -> None:
    done: set[int] = shared.__dict__.setdefault("cleared", set())
    if id(wrapper) in done:
        return
    wrapped = instance_vars(wrapper).get("__wrapped__")
    if not touched.uses(wrapped):
        return
    done.add(id(wrapper))
    size = wrapper.cache_info().currsize
    held = [dict.copy(part) for part in gc.get_referents(wrapper) if type(part) is dict]  # no finaliser may run inside the commit
    if not touched.direct(wrapped) and any(_is_resource(value) for part in held for value in list(part.values())[:MAX_ITEMS]):
        shared.notes.append(f"The cache of {_full(module, owner, name, wrapped)} holds an open resource and keeps it: clear it with cache_clear().")
        return
    shared.operations.do(wrapper.cache_clear, wrapper.cache_clear)
    shared.__dict__.setdefault("emptied", []).append(wrapper.cache_clear)
    shared.__dict__.setdefault("held", []).append(held)
    if size:
        values = "1 cached value" if size == 1 else f"{size} cached values"
        shared.notes.append(f"{values} of {_full(module, owner, name, wrapped)} came from code that changed, and the cache was emptied.")


def _full(module: Any, owner: Any, name: str, wrapped: Any) -> str:
    if type(wrapped) is FunctionType:
        return f"{wrapped.__module__}.{wrapped.__qualname__}"
    where = str(_module_vars(module).get("__name__")) if issubclass(type(module), ModuleType) else "?"
    return ".".join([where, *([type_name(owner)] if owner is not None else []), name or "?"])


def _is_resource(value: Any) -> bool:
    kind = type(value)
    return any(
        base is io.IOBase or type_module(base) in ("_io", "_socket", "_thread", "socket", "threading", "mmap", "sqlite3", "ssl") for base in _mro(kind) or ()
    )  # none: 3.9 has a class without bases in its cache


def _plain_data(value: Any, depth: int = 0) -> bool:
    kind = type(value)
    if kind not in _DATA:
        return False
    if kind in _CONTAINERS and depth < 4:
        inside = list(value.values() if kind is dict else value)
        return all(_plain_data(item, depth + 1) for item in inside[:MAX_ITEMS])
    return True


def _property(shared: Shared, touched: Touched, module: Any, owner: Any, name: str, value: Any) -> None:
    if owner is None or not touched.uses(instance_vars(value).get("func")):
        return
    dropped = kept = 0
    for instance in shared.heap.instances(owner):
        variables = instance_vars(instance)
        if name not in variables:
            continue
        if _plain_data(variables[name]):
            dropped += 1
            shared.operations.do(partial(dict.pop, variables, name, None), partial(dict.__setitem__, variables, name, variables[name]))
        else:
            kept += 1
    full = _full(module, owner, name, None)
    if dropped:
        shared.notes.append(f"{full} is computed anew in {dropped} {'instance' if dropped == 1 else 'instances'} that had it from the old code.")
    if kept:
        shared.notes.append(f"{full} stays as the old code made it in {kept} {'instance' if kept == 1 else 'instances'}: it holds an object with state.")


def _dispatch(shared: Shared, touched: Touched, function: Any) -> None:
    """Let a `singledispatch` function look its implementations up again where classes or registrations changed."""
    if touched.members or touched.names:
        cache = instance_vars(getattr(instance_vars(function)["_clear_cache"], "__self__", None)).get("data")
        if type(cache) is dict:
            shared.operations.do(cache.clear, cache.clear)


def _abstract(shared: Shared, touched: Touched) -> None:
    """Let ABCs decide anew about classes whose special methods came or went."""
    shaped = [cls for cls in touched.classes if any(name in _SHAPING or name[:2] == "__" for name in touched.members[id(cls)])]
    abc = sys.modules.get("_abc")
    if not shaped or abc is None:
        return
    import collections.abc

    kinds = [vars(collections.abc)[name] for name in collections.abc.__all__]
    kinds += [owner for _, owner, _, _ in named_things(shared) if owner is not None]
    for kind in {id(kind): kind for kind in kinds if "_abc_impl" in _type_vars(kind)}.values():
        reset = partial(vars(abc)["_reset_caches"], kind)
        shared.operations.do(reset, reset)
