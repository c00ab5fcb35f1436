"""Source as bytes and as text: strict UTF-8, and lines that end at a newline and nowhere else.

`str.splitlines` also breaks at U+2028, form feeds and lone carriage returns, where Python does not; a view that split
there would show other lines than those which run.
"""

from __future__ import annotations

from nexoide.errors import InspectionError


def decode(data: bytes) -> str:
    """Return the text of a source file, a byte order mark kept; raises InspectionError unless it is strict UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InspectionError(f"Line {line} is not UTF-8 text (byte {data[error.start]:#04x}), so it cannot be shown: save the file as UTF-8.") from error


def split_lines(text: str) -> list[str]:
    """Return the lines of a text with their newlines; joined they are the text again."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return lines if lines[-1] else lines[:-1]
