"""A patch as one unified diff that `git apply` and `patch -p1` take in the folder, new files included."""

from __future__ import annotations

from collections.abc import Mapping

from nexoide.model.diff import unified

_NO_NEWLINE = "\\ No newline at end of file\n"


def diff(files: Mapping[str, tuple[bytes | None, bytes]]) -> str:
    """Return the diff of some files, each given as (before, after); before is None where the file is new."""
    return "".join(_new(path, new) if base is None else unified(path, _text(base), _text(new)) for path, (base, new) in sorted(files.items()))


def _new(path: str, data: bytes) -> str:
    text = _text(data)
    header = unified(path, "", "x\n").split("\n", 3)  # the names as git quotes them
    first, to = header[0], header[2]
    rows = [f"{first}\n", "new file mode 100644\n"]
    if not text:
        return "".join([*rows, "index 0000000..e69de29\n"])
    lines = text.split("\n")
    whole = lines[-1] == ""
    if whole:
        lines.pop()
    count = "1" if len(lines) == 1 else f"1,{len(lines)}"
    rows += ["--- /dev/null\n", f"{to}\n", f"@@ -0,0 +{count} @@\n", *(f"+{line}\n" for line in lines)]
    return "".join(rows) + ("" if whole else _NO_NEWLINE)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
