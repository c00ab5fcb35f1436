"""Failures to feed: short to write, real in shape."""

from __future__ import annotations

from pathlib import Path

from nexoide.model.failure import Failure, Frame, Raised

ROOT = Path("/work/shop-under-test")


def frame(function: str, source: str = "", *, file: str = "shop/cart.py", line: int = 10, module: str = "shop.cart") -> Frame:
    return Frame(file=file if file.startswith(("/", "<")) else str(ROOT / file), line=line, function=function, module=module, source=source or f"{function}()")


def raised(*frames: Frame, kind: str = "ValueError", message: str = "bad", relation: str = "raised", module: str = "builtins") -> Raised:
    return Raised(type=kind, message=message, module=module, relation=relation, frames=frames)  # type: ignore[arg-type]


def failure(*exceptions: Raised, at: float = 100.0, target: str = "shop", **more: str) -> Failure:
    return Failure(target=target, pid=7, source="log", at=at, exceptions=exceptions, **more)  # type: ignore[arg-type]
