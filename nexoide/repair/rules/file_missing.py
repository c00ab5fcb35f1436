"""FileNotFoundError and its like: a mistyped name, a path from the wrong folder, a folder that is not made, a file only an operator can give."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from nexoide.model.failure import Raised
from nexoide.repair.code.contracts import answer_for_nothing
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.folders import entries, exists, within
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.names import similarity
from nexoide.repair.code.scope import is_elif
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import read
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.deliberate import raised_on_purpose
from nexoide.repair.ideas import Idea, offer, short, suffixed
from nexoide.repair.items.mistyped_keys import quoted
from nexoide.repair.naming.importing import need_module
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example
from nexoide.repair.text.listing import listed_folder
from nexoide.repair.text.paths_in_code import beside_module, constants_with, exists_already, failing_call, folder_first, other_name, path_argument, writes

_PATH = re.compile(r"\[Errno \d+\] [^:]+: (.+?)(?: -> (.+))?$", re.DOTALL)
_ERRORS = ("FileNotFoundError", "NotADirectoryError", "IsADirectoryError", "FileExistsError")
_GIVEN = (".env", ".ini", ".cfg", ".conf", ".toml", ".yaml", ".yml", ".json", ".pem", ".key", ".crt")


class FileMissing:
    """Uses the file that is there, from the folder where it lies, or makes the folder that a new file needs."""

    name = "file-missing"
    summary = "Uses the file that is there under almost the same name, from the folder where it lies, or makes the folder that a new file needs."
    errors = _ERRORS
    examples: tuple[Example, ...] = (
        Example(
            name="folder of a new file",
            files={
                "main.py": "import tempfile\nfrom pathlib import Path\n\n\ndef save(folder, text):\n    target = Path(folder) / 'out' / 'report.txt'\n"
                "    target.write_text(text)\n    return target.read_text()\n\n\nwith tempfile.TemporaryDirectory() as folder:\n"
                "    print(save(folder, 'done'))\n"
            },
            prints="done\n",
        ),
        Example(name="file that an operator gives", files={"main.py": 'print(open("settings.ini").read())\n'}, prints=None),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether it is an operating system's error about one path."""
        return raised.type in _ERRORS and _PATH.match(raised.message) is not None

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield the right path, or the folder; advice where the file is not the program's to make."""
        if raised_on_purpose(context):
            return
        path = missing_path(context.raised.message)
        call = failing_call(context)
        if any("subprocess" in frame.file for frame in context.raised.frames) and "/" not in path:
            yield self._program(context, path)
            return
        if not path:
            context.refuse("The message does not name a path.")
            return
        found = list(_ideas(context, call, path))
        if found:
            yield from offer(context, self.name, found)
            return
        yield self._file(context, path)

    def _program(self, context: Context, name: str) -> Advice:
        return context.advise(
            rule=self.name,
            title=f"install the program {name}",
            text=f"{context.place} runs the program {name}, which is not installed here or not on the PATH. Install it; the code is right to run it.",
        )

    def _file(self, context: Context, path: str) -> Advice:
        like = [
            item
            for item in entries(context.project)
            if PurePosixPath(item).name.startswith(PurePosixPath(path).stem) and re.search(r"example|sample|template|dist", item)
        ]
        from_like = f" {like[0]} shows what belongs into it." if like else ""
        kind = "a file of settings" if PurePosixPath(path).suffix in _GIVEN else "a file"
        return context.advise(
            rule=self.name,
            title=f"give the program its file {short(path)}",
            text=(
                f"{context.place} needs {kind}, {short(path)}, and it is not there; no file of the project is almost called "
                f"so.{from_like} Put it there, or run the program where it is."
            ),
            final=False,
        )


def missing_path(message: str) -> str:
    """Return the path of an operating system's message, "" where it has none; of two (rename, copy) the second."""
    match = _PATH.match(message)
    if match is None:
        return ""
    found = read(match[2] or match[1])
    return found if isinstance(found, str) else ""


def _ideas(context: Context, call: ast.Call | None, path: str) -> Iterator[Idea]:
    kind = context.raised.type
    if kind == "FileExistsError":
        yield from exists_already(context, call) if call is not None else ()
        return
    if kind != "FileNotFoundError":
        return
    found = list(_spoilt(context, call, path))
    if not found and call is not None and writes(call):
        parent = within(context.project, path).rpartition("/")[0]
        if parent and not exists(context.project, parent):
            near = [idea for idea in other_name(context, call, path) if idea.prior > 0.9]
            found += near or list(folder_first(context, call, path))
    elif not found:
        found += [*_from_listing(context, call), *beside_module(context, call, path)]
        if not found:
            found += [*other_name(context, call, path), *_as_written(context, call, path)]
    yield from found or _said(context, call)


def _spoilt(context: Context, call: ast.Call | None, path: str) -> Iterator[Idea]:
    """Yield the path without what spoils it: a line's end, a `~`, backslashes, escapes."""
    argument = path_argument(call) if call is not None else None
    if argument is None:
        return
    module = context.module
    if path != path.strip() and isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        for spot in reversed(trace(context, argument)):
            if spot.how in ("use", "assigned", "argument") and spot.module is module and isinstance(spot.node, ast.Name | ast.Subscript | ast.Call):
                why = f"The path ends with {path[len(path.rstrip()) :]!r}, as lines of files do. The edit strips it."
                yield Idea(title="strip the path", why=why, edits=[(module, suffixed(module, spot.node, ".strip()"))], prior=0.9)
                return
    if path.startswith("~"):
        if "Path" in kind_of(context, argument):
            edits = [(module, suffixed(module, argument, ".expanduser()"))]
        else:
            name, extra = need_module(context.project, module, "os")
            edits = [(module, Edit(*module.span(argument), f"{name}.path.expanduser({module.segment(argument)})")), *((module, edit) for edit in extra)]
        yield Idea(
            title="let ~ mean the home folder",
            why="A path that begins with ~ is not read as the home folder by itself. The edit does that.",
            edits=edits,
            prior=0.9,
        )
    elif "\\" in path or any(ord(item) < 32 for item in path):
        yield from _slashes(context, call, path)
    else:
        yield from _glued(context, argument, path)


def _glued(context: Context, argument: ast.expr, path: str) -> Iterator[Idea]:
    """Yield the separator between a folder and a name that were put together without one."""
    local = within(context.project, path)
    folders = sorted({item.rpartition("/")[0] for item in entries(context.project)}, key=len, reverse=True)
    folder = next((item for item in folders if item and local.startswith(item) and exists(context.project, f"{item}/{local[len(item) :]}")), "")
    if not folder:
        return
    for spot in trace(context, argument):
        node, module = spot.node, spot.module
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            first: ast.expr = node
            while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add):
                first = first.left
            rest = module.text[module.span(first)[1] : module.span(node)[1]].lstrip().removeprefix("+").lstrip()
            name, extra = need_module(context.project, module, "os")
            edits = [(module, Edit(*module.span(node), f"{name}.path.join({module.segment(first)}, {rest})")), *((module, edit) for edit in extra)]
        elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.FormattedValue) and module.segment(node).count("}") > 0:
            at = module.span(node)[0] + module.segment(node).index("}") + 1
            edits = [(module, Edit(at, at, "/"))]
        else:
            continue
        yield Idea(
            title="put the separator between folder and name",
            why=f"The folder {short(folder)} and the name of a file in it are put together without a separator. The edit joins them as a path.",
            edits=edits,
            prior=0.93,
        )
        return


def _slashes(context: Context, call: ast.Call | None, path: str) -> Iterator[Idea]:
    component = path.replace("\\", "/").rsplit("/", 1)[-1]
    places = [(module, node) for module, node in constants_with(context, call, component) if "\\" in module.segment(node)]
    for module, node in places[:1]:
        text = module.segment(node)
        new = re.sub(r"\\\\|\\", "/", text.lstrip("rR"))
        why = f"The path is written with backslashes, which divide folders on Windows alone. The edit writes {new}, which is right everywhere."
        yield Idea(title="write the path with slashes", why=why, edits=[(module, Edit(*module.span(node), new))], prior=0.88)


def _from_listing(context: Context, call: ast.Call | None) -> Iterator[Idea]:
    """Yield the folder in front of a name that comes from the listing of that folder."""
    argument = path_argument(call) if call is not None else None
    if argument is None:
        return
    spots = trace(context, argument)
    for before, spot in itertools.pairwise(spots):
        inner = spot.node.args[0] if isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "sorted" and spot.node.args else spot.node
        direct = isinstance(inner, ast.Call) and last_name(inner.func) == "listdir" and inner.args
        listed = inner.args[0] if direct and isinstance(inner, ast.Call) else listed_folder(context, before.module, inner)
        if spot.how == "element" and listed is not None:
            module = before.module
            name, extra = need_module(context.project, module, "os")
            folder, own = module.segment(listed), module.segment(before.node)
            yield Idea(
                title=f"take {own} in {short(folder)}",
                why=f"{own} comes from the listing of {short(folder)}, which gives names without the folder. The edit puts the folder in front.",
                edits=[(module, Edit(*module.span(before.node), f"{name}.path.join({folder}, {own})")), *((module, edit) for edit in extra)],
                prior=0.94,
            )
            return


def _as_written(context: Context, call: ast.Call | None, path: str) -> Iterator[Idea]:
    """Yield the name under which the program itself writes the file."""
    component = path.rsplit("/", 1)[-1]
    reading = {id(node) for _, node in constants_with(context, call, component)}
    written: dict[str, tuple[Module, ast.Constant]] = {}
    for rel in context.project.files[:60]:
        module = context.project.module(rel)
        for node in module.nodes:
            if isinstance(node, ast.Call) and last_name(node.func) in ("open", "write_text", "write_bytes", "to_csv") and writes(node):
                argument = path_argument(node)
                spots = trace(context, argument, module) if argument is not None else []
                for spot in spots:
                    if isinstance(spot.node, ast.Constant) and isinstance(spot.node.value, str) and id(spot.node) not in reading:
                        written[spot.node.value] = (spot.module, spot.node)
    ranked = sorted(((similarity(component, name.rsplit("/", 1)[-1]), name) for name in written), reverse=True)
    places = constants_with(context, call, component)
    if ranked and ranked[0][0] >= 0.75 and len(places) == 1 and places[0][1].value == path:
        module, node = places[0]
        why = f"The program writes {ranked[0][1]} itself and reads {short(path)}. The edit reads what it writes."
        yield Idea(
            title=f"read {ranked[0][1]}, as it is written", why=why, edits=[(module, Edit(*module.span(node), quoted(module, node, ranked[0][1])))], prior=0.85
        )


def _said(context: Context, call: ast.Call | None) -> Iterator[Idea]:
    """Yield what the program says that a missing file means."""
    module = context.module
    argument = path_argument(call) if call is not None else None
    statement = module.statement(call) if call is not None else None
    function = module.function(call) if call is not None else None
    if argument is None or statement is None or function is None or call is None or writes(call) or not isinstance(argument, ast.Name | ast.Attribute):
        return
    owner = module.owner(function)
    text = f"{ast.get_docstring(function) or ''} {(ast.get_docstring(owner) or '') if owner is not None else ''}"
    if not re.search(r"missing|not exist|no (?:such )?file|first (?:run|start|time)|is not there|without a file|absent", text, re.IGNORECASE):
        return
    answer = answer_for_nothing(context, function, [module.segment(argument)])
    indent = module.own_indent(statement)
    if answer is None or answer.is_statement or indent is None or is_elif(module, statement):
        return
    own = module.segment(argument)
    is_path = isinstance(call.func, ast.Attribute) and call.func.value is argument and call.func.attr in ("read_text", "read_bytes", "open", "stat")
    if is_path or "Path" in kind_of(context, argument):
        test, extra = f"{own}.exists()", list[Edit]()
    else:
        name, extra = need_module(context.project, module, "os")
        test = f"{name}.path.exists({own})"
    at = module.span(statement)[0]
    yield Idea(
        title=f"answer with {answer.text} where the file is not there",
        why=f"The file is not there, and {answer.why}. The edit does that then; a file that is there is read as before.",
        edits=[(module, Edit(at, at, f"if not {test}:\n{indent}    return {answer.text}\n{indent}")), *((module, edit) for edit in extra)],
        prior=0.84,
        nature="guard",
    )
