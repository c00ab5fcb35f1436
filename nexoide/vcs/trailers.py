"""Commit messages: untrusted words made harmless, our own trailers exactly as we put them.

A trailer is the last paragraph of a message, one `Key: value` a line (git-interpret-trailers(1)).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from nexoide.errors import RefusedError, UsageError
from nexoide.vcs.runner import Runner

MAX_SUBJECT = 200
MAX_LINE = 500
MAX_LINES = 200
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")
_FORGED = re.compile(r"\s*(nexoide|signed-off|co-authored|acked|reviewed|tested|reported|approved)\b[\w \t-]*[:=#]", re.IGNORECASE)
_STRUCTURE = ("---", "#")  # the end of a message and a comment, to commands that read one
_INDENT = "  "


def single_line(text: str, limit: int = MAX_SUBJECT) -> str:
    """Return untrusted text as one visible line: white space collapsed, control and invisible characters spelled out."""
    spaced = "".join(" " if character in "\t\n\r\v\f" else _visible(character) for character in text[: limit * 4])
    line = " ".join(spaced.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _visible(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return f"<U+{ord(character):04X}>"
    return character


def format_message(subject: str, body: str, trailers: Sequence[tuple[str, str]]) -> str:
    """Return a commit message of one subject line, an indented body, and exactly these trailers.

    Lines of the subject or the body that look like a trailer are quoted with "> ". Raises UsageError for a key that no
    trailer can have; a value without any visible character becomes "-".
    """
    paragraphs = [_quoted(single_line(subject)) or "(no subject)"]
    lines = body.strip("\n").split("\n")
    kept = [_body_line(line) for line in lines[:MAX_LINES]]
    if len(lines) > MAX_LINES:
        kept.append(f"{_INDENT}… and {len(lines) - MAX_LINES} more lines")
    if any(kept):
        paragraphs.append("\n".join(kept).strip("\n"))
    rows = [f"{key}: {value}" for key, value in clean_trailers(trailers)]
    if rows:
        paragraphs.append("\n".join(rows))
    return "\n\n".join(paragraphs) + "\n"


def clean_trailers(trailers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the trailers as they are written: single-line, visible values under well-formed keys."""
    return [(require_key(key), single_line(value, MAX_LINE) or "-") for key, value in trailers]


def require_key(key: str) -> str:
    """Return `key` if it can name a trailer; raises UsageError where it cannot."""
    if not _KEY.fullmatch(key):
        raise UsageError(f"{key!a} is not the name of a trailer: use letters, digits and hyphens.")
    return key


def _body_line(line: str) -> str:
    indented = len(line) - len(line.lstrip(" "))
    text = single_line(line, MAX_LINE)
    return f"{_INDENT}{' ' * min(indented, 40)}{_quoted(text)}" if text else ""


def _quoted(line: str) -> str:
    return f"> {line}" if _FORGED.match(line) or line.startswith(_STRUCTURE) else line


def parse_trailers(message: str, *, divider: bool = False) -> list[tuple[str, str]]:
    """Return the trailers that git itself finds in a message, asked outside every repository (its config may name programs).

    With `divider` a line of three dashes ends the message, as it does for a patch sent by mail.
    """
    options = () if divider else ("--no-divider",)
    with TemporaryDirectory(prefix="nexoide-message-") as folder:
        place = Path(folder).resolve()
        runner = Runner(place, extra={"GIT_CEILING_DIRECTORIES": str(place.parent)})
        found = runner.run("interpret-trailers", "--parse", *options, stdin=message.encode())
    rows = [line.partition(":") for line in found.stdout.decode().split("\n") if line]
    return [(key, value.strip(" ")) for key, _, value in rows]


def require_exact(message: str, trailers: Sequence[tuple[str, str]]) -> None:
    """Raise RefusedError unless git finds exactly these trailers in the message, in this order."""
    expected = clean_trailers(trailers)
    if parse_trailers(message) != expected or parse_trailers(message, divider=True) != expected:
        raise RefusedError(
            "The commit message would carry other trailers than those nexoide put there, so nothing was committed: shorten the patch's title and rationale."
        )
