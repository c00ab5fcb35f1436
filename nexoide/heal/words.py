"""What failed, in words for people."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from nexoide.heal.choosing import place
from nexoide.heal.result import Healed
from nexoide.model.failure import Failure
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import UnreadableError
from nexoide.repair.validation.sameness import relative
from nexoide.repair.validation.trial import Observation

MAX_MESSAGE = 2000
MAX_LAST = 300
_SIGNALS = 128  # what is above is the number of a signal, as a shell has it
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
    file = relative(frame.file, root) or frame.file
    return f"{file}:{frame.line}" + (f", in {frame.function}" if frame.function and frame.function != "<module>" else "")


def syntax_sentence(failure: Failure) -> str:
    """Return a sentence on a program that is not Python; empty where it is another failure."""
    found = _syntax(failure)
    if found is None:
        return ""
    return f"{found['file']} is not Python that its interpreter reads: {found['what']} in line {found['line']}."


def unreadable(failure: Failure, root: Path) -> str:
    """Return a sentence on the file that failed where no edit of it can be made; empty where one can, or it is none of the folder's."""
    frame = place(failure, root)
    if frame is not None and frame.file.startswith("<"):
        return ""
    file = relative(frame.file, root) if frame is not None else None
    if file is None:
        return ""
    try:
        Project(root).module(file)
    except UnreadableError as error:
        return f"{file} {error}: nothing in it is changed."
    return ""


def _syntax(failure: Failure) -> re.Match[str] | None:
    raised = failure.exceptions[0] if failure.exceptions else None
    return _SYNTAX.match(raised.message) if raised is not None and raised.type in _SYNTAXES else None


def wordless(seen: Observation | None) -> str:
    """Return a sentence on a run that failed and showed no traceback: how it ended, and what it printed last."""
    code = seen.exit_code if seen is not None else None
    ended = f"The command ended with {code}"
    if code is not None and code > _SIGNALS:
        try:
            ended += f" ({signal.Signals(code - _SIGNALS).name})"
        except ValueError:
            pass
    lines = seen.output.strip().splitlines() if seen is not None else []
    if not lines:
        return f"{ended} and showed no error: there is nothing to go by."
    last = lines[-1].strip()
    return f"{ended} and showed no traceback; the last that it printed: {last if len(last) <= MAX_LAST else last[: MAX_LAST - 1] + '…'}"


def said(healed: Healed, failure: Failure | None, reason: str) -> str:
    """Return in one sentence what came of it; `reason` is why the rules proposed nothing."""
    if healed.interrupted:
        return "Stopped early: what was found by then is above." if healed.patches else "Stopped early: no patch was found by then."
    if healed.status == "nothing_to_fix":
        return "The command ended with 0 and showed no failure: there is nothing to fix."
    if healed.status == "fixed":
        count = sum(patch.passes for patch in healed.patches)
        return f"{count} patch{'es' if count != 1 else ''} with which the command runs to its end."
    if healed.status == "no_patch":
        return "No change of the code is right here: do as advised."
    if healed.seen is not None and healed.seen.problem:
        return healed.seen.problem
    if healed.patches:
        return "What failed first is repaired by a patch, and another failure follows that no patch was found for."
    if failure is None:
        return wordless(healed.seen)
    return syntax_sentence(failure) or reason or "No patch was found."
