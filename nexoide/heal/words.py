"""What failed, in words for people."""

from __future__ import annotations

import re
from pathlib import Path

from nexoide.heal.choosing import is_own, place
from nexoide.model.failure import Failure

MAX_MESSAGE = 2000
_SYNTAX = re.compile(r"(?P<what>.*) \((?P<file>[^()]{1,200}), line (?P<line>\d+)\)\Z", re.DOTALL)
_SYNTAXES = frozenset({"SyntaxError", "IndentationError", "TabError"})


def described(failure: Failure) -> tuple[str, str]:
    """Return the class of a failure's error and its message."""
    if not failure.exceptions:
        return "", failure.log_message[:MAX_MESSAGE]
    raised = failure.exceptions[0]
    return raised.type, raised.message[:MAX_MESSAGE]


def place_of(failure: Failure, root: Path) -> str:
    """Return where a failure is, as people write it; empty where nothing says."""
    frame = place(failure, root)
    syntax = _syntax(failure)
    if syntax is not None and (frame is None or Path(frame.file).name != syntax["file"]):
        return f"{syntax['file']}:{syntax['line']}"
    if frame is None:
        return ""
    file = str(Path(frame.file).relative_to(root)) if frame.file.startswith("/") and is_own(frame.file, root) else frame.file
    return f"{file}:{frame.line}" + (f", in {frame.function}" if frame.function and frame.function != "<module>" else "")


def syntax_sentence(failure: Failure) -> str:
    """Return a sentence on a program that is not Python; empty where it is another failure."""
    found = _syntax(failure)
    if found is None:
        return ""
    return f"{found['file']} is not Python that its interpreter reads: {found['what']} in line {found['line']}."


def _syntax(failure: Failure) -> re.Match[str] | None:
    raised = failure.exceptions[0] if failure.exceptions else None
    return _SYNTAX.match(raised.message) if raised is not None and raised.type in _SYNTAXES else None
