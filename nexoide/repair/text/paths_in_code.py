"""Where a path in the source is written, and how it is made right: another name, the module's own folder, the folder made first."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import PurePosixPath

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.folders import exists, nearest, within
from nexoide.repair.code.index import last_name
from nexoide.repair.code.kinds import kind_of
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.mistyped_keys import quoted
from nexoide.repair.naming.importing import need, need_module

OPENERS = frozenset(
    [
        *[
            "open",
            "read_text",
            "read_bytes",
            "write_text",
            "write_bytes",
            "listdir",
            "scandir",
            "iterdir",
            "stat",
            "getsize",
            "rename",
            "replace",
            "copy",
            "copyfile",
        ],
        *[
            "move",
            "remove",
            "unlink",
            "mkdir",
            "makedirs",
            "touch",
            "read_csv",
            "read_json",
            "to_csv",
            "to_json",
            "connect",
            "glob",
            "walk",
            "savefig",
            "imread",
            "load",
        ],
        *[
            "getmtime",
            "chdir",
            "rmtree",
            "FileHandler",
            "RotatingFileHandler",
            "ZipFile",
            "rmdir",
            "copytree",
            "copy2",
            "parse",
            "read_excel",
            "save",
            "utime",
            "symlink",
        ],
    ]
)
_WRITERS = frozenset(
    {
        "write_text",
        "write_bytes",
        "to_csv",
        "to_json",
        "mkdir",
        "touch",
        "savefig",
        "FileHandler",
        "RotatingFileHandler",
        "makedirs",
        "save",
        "copyfile",
        "copy",
        "move",
        "copy2",
    }
)


def failing_call(context: Context) -> ast.Call | None:
    """Return the call of the failing line that uses a file."""
    calls = [node for node in context.nodes(lambda node: isinstance(node, ast.Call)) if isinstance(node, ast.Call)]
    named = [call for call in calls if last_name(call.func) in OPENERS]
    found = named or calls
    return found[0] if found else None


def path_argument(call: ast.Call) -> ast.expr | None:
    """Return the expression of a call that is the path: its first argument, or the path object that the method is called on."""
    name = last_name(call.func)
    on_path = isinstance(call.func, ast.Attribute) and not (
        isinstance(call.func.value, ast.Name) and call.func.value.id in ("os", "shutil", "io", "pd", "np", "json", "codecs")
    )
    if on_path and name in (
        "open",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "iterdir",
        "stat",
        "mkdir",
        "touch",
        "unlink",
        "rename",
        "rmdir",
        "glob",
    ):
        assert isinstance(call.func, ast.Attribute)
        return call.func.value
    if call.args:
        return call.args[-1] if name in ("copy", "copyfile", "copy2", "move", "rename", "replace") and len(call.args) > 1 else call.args[0]
    return next((item.value for item in call.keywords if item.arg in ("file", "path", "filename", "fname")), None)


def writes(call: ast.Call) -> bool:
    """Say whether a call makes or writes the file."""
    from nexoide.repair.text.bytes_and_text import mode_of

    if last_name(call.func) == "open":
        return mode_of(call)[1][:1] in ("w", "a", "x")
    return last_name(call.func) in _WRITERS


def constants_with(context: Context, call: ast.Call | None, component: str) -> list[tuple[Module, ast.Constant]]:
    """Return the text literals that hold one component of the path: on the path's way first, else anywhere in the project."""
    found: list[tuple[Module, ast.Constant]] = []
    argument = path_argument(call) if call is not None else None
    if argument is not None:
        names: list[tuple[Module, ast.AST]] = [(spot.module, spot.node) for spot in trace(context, argument)]
        for module, node in list(names):
            names += [
                (spot.module, spot.node) for item in ast.walk(node) if isinstance(item, ast.Name | ast.Attribute) for spot in trace(context, item, module)[1:]
            ]
        for module, node in names:
            found += [(module, item) for item in ast.walk(node) if _holds(item, component) and isinstance(item, ast.Constant)]
    if not found:
        for module in context.project.containing(component):
            if not is_test(module.rel):
                found += [(module, item) for item in module.nodes if _holds(item, component) and isinstance(item, ast.Constant)]
    unique: dict[int, tuple[Module, ast.Constant]] = {id(node): (module, node) for module, node in found if not is_test(module.rel)}
    return list(unique.values())


def _holds(node: ast.AST, component: str) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and component in node.value.replace("\\", "/").split("/")


def other_name(context: Context, call: ast.Call | None, path: str) -> Iterator[Idea]:
    """Yield the name of the one file that was meant, written where the path is written."""
    path = within(context.project, path)
    ranked = nearest(context.project, path)
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.02):
        return
    score, right = ranked[0]
    wrong_parts, right_parts = PurePosixPath(os.path.normpath(path)).parts, PurePosixPath(right).parts
    if len(wrong_parts) == len(right_parts):
        differing = [(one, other) for one, other in zip(wrong_parts, right_parts, strict=True) if one != other]
        places = constants_with(context, call, differing[0][0]) if len(differing) == 1 else []
        if len(places) == 1:
            module, node = places[0]
            new = "/".join(differing[0][1] if part == differing[0][0] else part for part in str(node.value).split("/"))
            yield _renamed(module, node, new, path, right, score)
            return
    whole = constants_with(context, call, wrong_parts[-1])
    whole = [(module, node) for module, node in whole if str(node.value) == path]
    if len(whole) == 1:
        yield _renamed(whole[0][0], whole[0][1], right, path, right, score)


def _renamed(module: Module, node: ast.Constant, new: str, path: str, right: str, score: float) -> Idea:
    return Idea(
        title=f"use the file {right}",
        why=(
            f"There is no file {short(path)}, and the one file of the project that is almost called so is {right}. The "
            f"edit uses that name at {module.rel}:{node.lineno}."
        ),
        edits=[(module, Edit(*module.span(node), quoted(module, node, new)))],
        prior=min(0.92, score - 0.02),
        unchecked=("Whether the file is also there where the program is deployed.",),
    )


def beside_module(context: Context, call: ast.Call | None, path: str) -> Iterator[Idea]:
    """Yield the path from the module's own folder, where the file lies there and not where the program was started."""
    argument = path_argument(call) if call is not None else None
    if argument is None or path.startswith("/"):
        return
    normal = os.path.normpath(path)
    for spot in reversed(trace(context, argument)):
        inner = (
            spot.node.args[0]
            if isinstance(spot.node, ast.Call) and last_name(spot.node.func) in ("Path", "PurePath") and len(spot.node.args) == 1
            else spot.node
        )
        if not (isinstance(inner, ast.Constant) and inner.value == path) or is_test(spot.module.rel):
            continue
        folder = PurePosixPath(spot.module.rel).parent
        for depth, base in enumerate([folder, *folder.parents]):
            if base.as_posix() == "." and depth == 0:
                break
            if exists(context.project, os.path.normpath((base / normal).as_posix())):
                yield _from_folder(context, spot, inner, depth, as_path=inner is not spot.node or _takes_path(context, argument))
                return
        return
    yield from _folder_beside(context, call, normal)


def _folder_beside(context: Context, call: ast.Call | None, path: str) -> Iterator[Idea]:
    """Yield the first folder of a composed path from the module's own folder, where the file lies there."""
    first = path.partition("/")[0]
    for module, node in constants_with(context, call, first) if first != path else []:
        if not path.startswith(f"{str(node.value).rstrip('/')}/"):
            continue
        folder = PurePosixPath(module.rel).parent
        for depth, base in enumerate([folder, *folder.parents]):
            if base.as_posix() == "." and depth == 0:
                break
            if exists(context.project, os.path.normpath((base / path).as_posix())):
                parent = module.parents.get(node)
                wrapped = isinstance(parent, ast.Call) and last_name(parent.func) in ("Path", "PurePath") and len(parent.args) == 1
                spot = Spot(module, parent if wrapped and isinstance(parent, ast.expr) else node, "global")
                yield _from_folder(context, spot, node, depth, as_path=wrapped)
                return


def _takes_path(context: Context, node: ast.expr) -> bool:
    return "Path" in kind_of(context, node)


def _from_folder(context: Context, spot: Spot, inner: ast.expr, depth: int, *, as_path: bool) -> Idea:
    module = spot.module
    imported = {source for source, _ in _imports(module)}
    if as_path or "os" not in imported:
        name, extra = need(context.project, module, "pathlib", "Path")
        new = f"{name}(__file__).resolve().parent{'.parent' * depth} / {module.segment(inner)}"
        parent = module.parents.get(spot.node)
        new = f"({new})" if isinstance(parent, ast.Attribute | ast.BinOp) else new
    else:
        name, extra = need_module(context.project, module, "os")
        base = f"{name}.path.dirname({name}.path.abspath(__file__))"
        for _ in range(depth):
            base = f"{name}.path.dirname({base})"
        new = f"{name}.path.join({base}, {module.segment(inner)})"
    return Idea(
        title=f"take {module.segment(inner)} from the module's own folder",
        why=(
            f"{module.segment(inner)} is looked for where the program was started, and the file lies with {module.rel}. "
            "The edit takes it from there, wherever the program is started."
        ),
        edits=[(module, Edit(*module.span(spot.node), new)), *((module, edit) for edit in extra)],
        prior=0.92,
        alternatives=("Starting the program in another folder: it would break again elsewhere.",),
    )


def _imports(module: Module) -> list[tuple[str, str]]:
    from nexoide.repair.code.index import index

    return list(index(module).imports.values())


def folder_first(context: Context, call: ast.Call, path: str) -> Iterator[Idea]:
    """Yield the making of the folder before a file is written into it."""
    module = context.module
    name = last_name(call.func)
    if name == "mkdir":
        yield from _with_parents(context, call)
        return
    statement = module.statement(call)
    argument = path_argument(call)
    indent = module.own_indent(statement) if statement is not None else None
    if statement is None or argument is None or indent is None or "/" not in path:
        return
    if not isinstance(argument, ast.Name | ast.Attribute | ast.Constant | ast.Call | ast.BinOp | ast.JoinedStr | ast.Subscript):
        return
    at = module.span(statement)[0]
    text = module.segment(argument)
    if "Path" in kind_of(context, argument) or (isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Div)):
        owner = text if isinstance(argument, ast.Name | ast.Attribute | ast.Call | ast.Subscript) else f"({text})"
        line, extra = f"{owner}.parent.mkdir(parents=True, exist_ok=True)", list[Edit]()
    else:
        whole, extra = need_module(context.project, module, "os")
        folder = repr(path.rpartition("/")[0]).replace("'", '"') if isinstance(argument, ast.Constant) else f"{whole}.path.dirname({text})"
        line = f"{whole}.makedirs({folder}, exist_ok=True)"
    yield Idea(
        title="make the folder before the file is written",
        why=f"{short(path)} is to be written, and its folder is not there. The edit makes the folder first, where it is missing.",
        edits=[(module, Edit(at, at, f"{line}\n{indent}")), *((module, edit) for edit in extra)],
        prior=0.91,
        alternatives=("Making the folder by hand: it would be missing again elsewhere.",),
    )


def _with_parents(context: Context, call: ast.Call) -> Iterator[Idea]:
    module = context.module
    end = module.span(call)[1] - 1
    assert isinstance(call.func, ast.Attribute)
    if last_name(call.func.value) == "os":
        first = module.span(call.func)[1]
        edits = [Edit(first - len("mkdir"), first, "makedirs")]
    else:
        edits = [Edit(end, end, ", parents=True" if call.args or call.keywords else "parents=True")]
    yield Idea(
        title="make the folders above it too",
        why="The folder above is not there either. The edit makes that too.",
        edits=[(module, edit) for edit in edits],
        prior=0.9,
    )


def exists_already(context: Context, call: ast.Call) -> Iterator[Idea]:
    """Yield the making of a folder that does not mind one that is there."""
    module = context.module
    name = last_name(call.func)
    if name not in ("mkdir", "makedirs"):
        return
    end = module.span(call)[1] - 1
    edits = [Edit(end, end, ", exist_ok=True" if call.args or call.keywords else "exist_ok=True")]
    if name == "mkdir" and isinstance(call.func, ast.Attribute) and last_name(call.func.value) == "os":
        first = module.span(call.func)[1]
        edits.append(Edit(first - len("mkdir"), first, "makedirs"))
    yield Idea(
        title="take a folder that is there",
        why="The folder is there already. The edit makes it only where it is missing.",
        edits=[(module, edit) for edit in edits],
        prior=0.87,
    )
