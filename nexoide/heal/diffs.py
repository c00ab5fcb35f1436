"""A patch as one unified diff that `git apply` and `patch -p1` take in the folder, new files included.

Without git's own header lines: with them git takes the names as those of the whole repository, without them as those of the
folder that it is run in, which may be a part of one.
"""

from __future__ import annotations

from collections.abc import Mapping

from nexoide.model.diff import unified

_NO_NEWLINE = "\\ No newline at end of file\n"


def diff(files: Mapping[str, tuple[bytes | None, bytes]]) -> str:
    """Return the diff of some files, each given as (before, after); before is None where the file is new."""
    return "".join(_new(path, new) if base is None else _changed(path, base, new) for path, (base, new) in sorted(files.items()))


def _changed(path: str, base: bytes, new: bytes) -> str:
    return unified(path, _text(base), _text(new)).partition("\n")[2]


def _new(path: str, data: bytes) -> str:
    text = _text(data)
    header, _, to, _ = unified(path, "", "x\n").split("\n", 3)  # the names as git quotes them
    if not text:
        return f"{header}\nnew file mode 100644\nindex 0000000..e69de29\n"  # only git knows how to say that
    lines = text.split("\n")
    is_whole = lines[-1] == ""
    if is_whole:
        lines.pop()
    count = "1" if len(lines) == 1 else f"1,{len(lines)}"
    rows = ["--- /dev/null\n", f"{to}\n", f"@@ -0,0 +{count} @@\n", *(f"+{line}\n" for line in lines)]
    return "".join(rows) + ("" if is_whole else _NO_NEWLINE)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
