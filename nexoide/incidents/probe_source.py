"""Failures as probes report them: hostile data, bounded and typed before anything else sees it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from nexoide.errors import UsageError
from nexoide.model import codec
from nexoide.model.failure import Failure, Frame, Raised, ValueView

MAX_TEXT = 4096
MAX_NAME = 512
MAX_REPR = 200
MAX_ATTRIBUTE = 100
MAX_ATTRIBUTES = 64
MAX_EXCEPTIONS = 16
MAX_FRAMES = 128
MAX_ITEMS = 128
MAX_BYTES = 256 << 10
_MAX_DEPTH = 12
_MAX_NUMBER = 1 << 53
_MAX_TIME = 1e11
_MAX_STATUS = 999
_WIDEST = 4
"""Bytes that a character may need in UTF-8: a text of a quarter of the limit's length fits whatever is in it."""
_HEAD_FRAMES = 32
_STEPS = ((8, MAX_FRAMES, MAX_EXCEPTIONS), (2, MAX_FRAMES, MAX_EXCEPTIONS), (0, MAX_FRAMES, MAX_EXCEPTIONS), (0, 16, MAX_EXCEPTIONS), (0, 4, 4), (0, 1, 1))


def failure_from(message: dict[str, Any], target: str) -> Failure:
    """Return the failure in a probe's message (the frame, or what its `failure` holds); raises UsageError where it is none.

    `target` is who the connection was authenticated as, whatever the message says. Texts are cut to 4 KiB, frames,
    exceptions and locals are counted out, and the whole is at most 256 KiB of JSON.
    """
    inner = message.get("failure", message)
    if not isinstance(inner, dict):
        raise UsageError("The message is not a Failure: it is no object.")
    failure = codec.from_builtins({**_bounded(inner, 0), "target": target}, Failure)
    return _fitting(_shortened(failure))


def dropped_from(message: dict[str, Any]) -> int:
    """Return how many failures the probe says it left out since its last report: 0 where it says nothing sensible."""
    dropped = message.get("dropped", 0)
    return min(dropped, _MAX_NUMBER) if isinstance(dropped, int) and not isinstance(dropped, bool) and dropped > 0 else 0


def _bounded(value: Any, depth: int) -> Any:
    """Return JSON data with texts cut, lone surrogates escaped, numbers made finite; raises UsageError where it nests too deep."""
    if depth > _MAX_DEPTH:
        raise UsageError(f"The message is not a Failure: it nests deeper than {_MAX_DEPTH} levels.")
    if isinstance(value, str):
        return clip(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return max(-_MAX_NUMBER, min(value, _MAX_NUMBER))
    if isinstance(value, float):
        return value if math.isfinite(value) else 0.0
    if isinstance(value, dict):
        return {clip(str(key)): _bounded(item, depth + 1) for key, item in list(value.items())[:MAX_ITEMS]}
    if isinstance(value, list | tuple):
        return [_bounded(item, depth + 1) for item in value]
    raise UsageError(f"The message is not a Failure: it holds a {type(value).__name__}.")


def clip(text: str, limit: int = MAX_TEXT) -> str:
    """Return a text of at most `limit` bytes of UTF-8 that can be encoded; a cut one ends in an ellipsis."""
    if len(text) <= limit and text.isascii():
        return text
    raw = text[: limit + 1].encode("utf-8", "backslashreplace")
    if len(text) <= limit and len(raw) <= limit:
        return raw.decode()
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"


def _shortened(failure: Failure) -> Failure:
    """Bound what the types leave open: how many exceptions and frames there are, how long names are, what time it is."""
    names: dict[str, Any] = {name: clip(getattr(failure, name), MAX_NAME) for name in ("thread", "logger", "language", "host", "origin", "route", "release")}
    return replace(
        failure,
        exceptions=tuple([_cut_raised(raised) for raised in failure.exceptions[:MAX_EXCEPTIONS]]),
        at=failure.at if 0 <= failure.at <= _MAX_TIME else 0.0,
        status=failure.status if 0 <= failure.status <= _MAX_STATUS else 0,
        **names,
    )


def _cut_raised(raised: Raised) -> Raised:
    return replace(
        raised,
        type=clip(raised.type, MAX_NAME),
        module=clip(raised.module, MAX_NAME),
        name=None if raised.name is None else clip(raised.name, MAX_NAME),
        obj=None if raised.obj is None else _cut_view(raised.obj),
        frames=tuple([_cut_frame(frame) for frame in _middle_out(raised.frames)]),
    )


def _cut_frame(frame: Frame) -> Frame:
    views = {clip(name, MAX_NAME): _cut_view(view) for name, view in frame.locals.items()}
    if len(frame.function) * _WIDEST <= MAX_NAME and len(frame.module) * _WIDEST <= MAX_NAME and views == frame.locals:
        return frame
    return replace(frame, function=clip(frame.function, MAX_NAME), module=clip(frame.module, MAX_NAME), locals=views)


def _cut_view(view: ValueView) -> ValueView:
    """Return the view itself where it is small enough, which is nearly always: making a new one costs more than all the rest."""
    texts = len(view.type) * _WIDEST <= MAX_NAME and len(view.module) * _WIDEST <= MAX_NAME and len(view.repr) * _WIDEST <= MAX_REPR
    if texts and len(view.attributes) <= MAX_ATTRIBUTES and not any([len(name) * _WIDEST > MAX_ATTRIBUTE for name in view.attributes]):  # noqa: C419
        return view
    names = tuple(clip(name, MAX_ATTRIBUTE) for name in view.attributes[:MAX_ATTRIBUTES])
    return replace(view, type=clip(view.type, MAX_NAME), module=clip(view.module, MAX_NAME), repr=clip(view.repr, MAX_REPR), attributes=names)


def _middle_out(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    if len(frames) <= MAX_FRAMES:
        return frames
    tail = MAX_FRAMES - _HEAD_FRAMES - 1
    left_out = Frame(file="", line=0, function=f"… {len(frames) - MAX_FRAMES + 1} frames left out …")
    return (*frames[:_HEAD_FRAMES], left_out, *frames[-tail:])


def _fitting(failure: Failure) -> Failure:
    """Return the failure within the size bound: locals go first (those far from the raise), then frames, then causes."""
    for locals_kept, frames_kept, exceptions_kept in _STEPS:
        if len(codec.encode(failure)) <= MAX_BYTES:
            return failure
        exceptions = failure.exceptions[:exceptions_kept]
        failure = replace(failure, exceptions=tuple(_reduced(raised, locals_kept, frames_kept) for raised in exceptions))
    return failure


def _reduced(raised: Raised, locals_kept: int, frames_kept: int) -> Raised:
    frames = raised.frames[-frames_kept:]
    first = len(frames) - locals_kept
    return replace(raised, frames=tuple(replace(frame, locals={}) if index < first else frame for index, frame in enumerate(frames)))
