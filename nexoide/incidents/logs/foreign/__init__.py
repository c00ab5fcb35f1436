"""Stack traces of other languages: each becomes one failure with its type, message and frames, and no repair."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nexoide.incidents.logs.foreign import fault, golang, jvm, native, node, php, ruby, rust
from nexoide.incidents.logs.foreign.stack import Stack

__all__ = ["Stack", "begin"]

_LANGUAGES = (fault.begin, jvm.begin, node.begin, golang.begin, rust.begin, ruby.begin, php.begin, native.begin)


_HINT = re.compile(
    r"\s{1,20}at |panic|goroutine \d|:in [`']|atal |arse error: |\*\* \(|erminate called|Assertion|Sanitizer|Segmentation|Aborted|Bus error|Floating point|"
    r"Illegal|Killed|Kill |Timeout \(|segfault|general protection|trap |Trace/|Bad system|Exception in thread|Unhandled |(?:Exception|Error|Throwable)(?::|$)"
)


def begin(line: str, recent: Sequence[str]) -> Stack | None:
    """Return the stack trace that begins on this line (or, where its frames come first to be recognised, on one of the `recent` ones)."""
    if _HINT.search(line, 0, 4000) is None:
        return None
    for language in _LANGUAGES:
        stack = language(line, recent)
        if stack is not None:
            return stack
    return None
