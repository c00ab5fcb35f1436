"""Changes of the standard library that a table cannot tell: they change a definition, a literal or what follows from a call."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.moved.repair import Repair
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.moved.uses import from_imports, uses
from nexoide.repair.naming.packages import Layout


def repair(context: Context, layout: Layout) -> Repair | None:
    """Return the first special case that the error is."""
    for case in _CASES:
        found = case(context, layout)
        if found is not None and found.edits:
            return found
    return None


def _coroutine(context: Context, layout: Layout) -> Repair | None:
    """Make generators decorated with asyncio.coroutine (gone with 3.11) coroutines proper."""
    if "coroutine" not in context.raised.message or "asyncio" not in context.raised.message:
        return None
    edits: list[tuple[Module, Edit]] = []
    count = 0
    for module in context.project.containing("coroutine", "asyncio"):
        rewriter = Rewriter(module, layout)
        found = {use.node for use in uses(module) if use.dotted == "asyncio.coroutine"}
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef) and any(item in found for item in node.decorator_list):
                count += 1
                for item in node.decorator_list:
                    if item in found:
                        start = module.line_start(item.lineno)
                        rewriter.span(start, module.line_start(item.lineno + 1), "")
                _awaiting(rewriter, node)
        for _, alias, dotted in from_imports(module):
            if dotted == "asyncio.coroutine":
                rewriter.imports.drop(alias)
        edits += [(module, edit) for edit in rewriter.edits()]
    return Repair(
        "make the decorated generators coroutines: `async def` and `await`",
        f"asyncio.coroutine went with Python 3.11. The edit writes the {count} function{'s' if count > 1 else ''} that it decorated as `async def`, "
        "with `await` where `yield from` was.",
        tuple(edits),
        0.93,
    )


def _awaiting(rewriter: Rewriter, node: ast.FunctionDef) -> None:
    module = rewriter.module
    start = module.span(node)[0]
    rewriter.span(start, start, "async ")
    stack: list[ast.AST] = list(node.body)
    while stack:
        item = stack.pop()
        if isinstance(item, (*FUNCTIONS, ast.Lambda)):
            continue
        if isinstance(item, ast.YieldFrom):
            first = module.span(item)[0]
            rewriter.span(
                first,
                module.span(item.value)[0],
                "await " + module.text[first : module.span(item.value)[0]].removeprefix("yield").lstrip().removeprefix("from").lstrip(),
            )
        stack += ast.iter_child_nodes(item)


def _getargspec(context: Context, layout: Layout) -> Repair | None:
    """Use getfullargspec, and only its first four parts where four are unpacked."""
    if "getargspec" not in context.raised.message:
        return None
    edits: list[tuple[Module, Edit]] = []
    for module in context.project.containing("getargspec"):
        rewriter = Rewriter(module, layout)
        from nexoide.repair.moved.table import stdlib

        for use in uses(module):
            if use.dotted != "inspect.getargspec":
                continue
            call = module.parents.get(use.node)
            parent = module.parents.get(call) if call is not None else None
            if isinstance(call, ast.Call) and isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple) and len(parent.targets[0].elts) == 4:
                end = module.span(call)[1]
                rewriter.span(end, end, "[:4]")
            elif isinstance(call, ast.Call) and isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
                _spec_attribute(rewriter, parent.targets[0], module.function(call))
            elif isinstance(parent, ast.Attribute) and parent.attr == "keywords":
                end = module.span(parent)[1]
                rewriter.span(end - len("keywords"), end, "varkw")
        rewriter.names(lambda dotted: stdlib().named(dotted) if dotted == "inspect.getargspec" else [])
        edits += [(module, edit) for edit in rewriter.edits()]
    return Repair(
        "use inspect.getfullargspec where inspect.getargspec was",
        "getargspec went with Python 3.11. getfullargspec gives the same parts and three more; the edit uses it, and takes the first four "
        "where four are unpacked.",
        tuple(edits),
        0.94,
    )


def _spec_attribute(rewriter: Rewriter, target: ast.Name, function: FunctionNode | None) -> None:
    where: ast.AST = function if function is not None else rewriter.module.tree
    for node in ast.walk(where):
        if isinstance(node, ast.Attribute) and node.attr == "keywords" and isinstance(node.value, ast.Name) and node.value.id == target.id:
            end = rewriter.module.span(node)[1]
            rewriter.span(end - len("keywords"), end, "varkw")


def _formatargspec(context: Context, layout: Layout) -> Repair | None:
    """Show a signature by inspect.signature where the parts of a spec were formatted."""
    if "formatargspec" not in context.raised.message:
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    for use in uses(module):
        call = module.parents.get(use.node)
        if use.dotted != "inspect.formatargspec" or not isinstance(call, ast.Call) or len(call.args) != 1:
            continue
        inner = call.args[0].value if isinstance(call.args[0], ast.Starred) else None
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute | ast.Name) and module.segment(inner.func).endswith("argspec") and inner.args:
            rewriter.replace(call, f"str({rewriter.imports.use('inspect.signature')}({module.segment(inner.args[0])}))")
    return Repair(
        "show the signature by inspect.signature",
        "formatargspec went with Python 3.11; inspect.signature gives the same text and understands all kinds of parameters.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.9,
    )


def _shuffle(context: Context, layout: Layout) -> Repair | None:
    """Shuffle by the generator whose `random` was handed over; leave another function out."""
    message = context.raised.message
    if not (("shuffle()" in message and "positional arguments but" in message) or ("shuffle()" in message and "'random'" in message)):
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    for use in uses(module):
        call = module.parents.get(use.node)
        if use.dotted != "random.shuffle" or not isinstance(call, ast.Call):
            continue
        source = call.args[1] if len(call.args) == 2 else next((item.value for item in call.keywords if item.arg == "random"), None)
        if source is None or not call.args:
            continue
        own = isinstance(source, ast.Attribute) and source.attr == "random"
        known = next((item.dotted for item in uses(module) if item.node is source), "")
        receiver = (
            module.segment(source.value)
            if own and isinstance(source, ast.Attribute) and known != "random.random"
            else module.segment(use.node).removesuffix(".shuffle")
        )
        name = module.segment(use.node) if receiver == "shuffle" or known == "random.random" else f"{receiver}.shuffle"
        rewriter.replace(call, f"{name}({module.segment(call.args[0])})")
        sure = own or known == "random.random"
        return Repair(
            "shuffle without the second argument",
            "random.shuffle takes no source of randomness since Python 3.11. "
            + ("The edit shuffles with the generator that gave it." if sure else "The edit leaves it out, and the module's own generator decides."),
            tuple((module, edit) for edit in rewriter.edits()),
            0.92 if sure else 0.6,
            () if sure else ("The order is no longer decided by the function that was given.",),
        )
    return None


_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")


def _flags(context: Context, layout: Layout) -> Repair | None:
    """Move inline flags of a regular expression to its start, where 3.11 wants them."""
    if "global flags not at the start of the expression" not in context.raised.message:
        return None
    module = context.module
    on_line = [node for node in module.nodes if isinstance(node, ast.expr) and node.lineno <= context.line <= (node.end_lineno or 0)]
    names = {node.id for node in on_line if isinstance(node, ast.Name)} | {node.attr for node in on_line if isinstance(node, ast.Attribute)}
    literals = [node for node in on_line if _is_flagged(node)]
    if not literals:
        for statement in module.nodes:
            if isinstance(statement, ast.Assign) and any(getattr(item, "id", "") in names for item in statement.targets):
                literals += [node for node in ast.walk(statement.value) if isinstance(node, ast.expr) and _is_flagged(node)]
    if not literals:
        literals = [node for node in module.nodes if isinstance(node, ast.expr) and _is_flagged(node)]
    edits: list[tuple[Module, Edit]] = []
    for node in literals:
        text = module.segment(node)
        opening = re.match(r"[A-Za-z]*(\"\"\"|'''|\"|')", text)
        flags = "".join(dict.fromkeys("".join(_FLAGS.findall(text))))
        if opening is not None and flags and text.count(opening[1]) == 2:
            body = _FLAGS.sub("", text[opening.end() :])
            edits.append((module, Edit(*module.span(node), f"{opening[0]}(?{flags}){body}")))
    return Repair(
        "put the flags at the start of the expression",
        "Since Python 3.11 flags such as (?i) stand at the start of a regular expression or nowhere; they always counted for all of it. "
        "The edit moves them there.",
        tuple(edits),
        0.95,
    )


def _is_flagged(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and any(match.start() > 0 for match in _FLAGS.finditer(node.value))


def _universal(context: Context, layout: Layout) -> Repair | None:
    """Open files without the mode U, which has been the normal one since Python 3."""
    if not re.match(r"invalid mode: '[rbt+]*U[rbt+]*'", context.raised.message):
        return None
    module = context.module
    edits: list[tuple[Module, Edit]] = []
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[rbt+]*U[rbt+]*", node.value):
            text = module.segment(node)
            mode = text.replace("U", "", 1)
            edits.append((module, Edit(*module.span(node), mode if len(node.value) > 1 else text.replace("U", "r", 1))))
    return Repair(
        "open the file without the mode U",
        "The mode U went with Python 3.11; reading text has treated all line ends alike since Python 3. The edit leaves it out.",
        tuple(edits),
        0.95,
    )


def _wait(context: Context, layout: Layout) -> Repair | None:
    """Make each coroutine that is handed to asyncio.wait a task, where the list is written out."""
    if "Passing coroutines is forbidden" not in context.raised.message:
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    for use in uses(module):
        call = module.parents.get(use.node)
        if use.dotted != "asyncio.wait" or not isinstance(call, ast.Call) or not call.args:
            continue
        given = call.args[0]
        if isinstance(given, ast.Name):
            given = _assigned(module, given, module.function(call)) or given
        parts = (
            given.elts
            if isinstance(given, ast.List | ast.Tuple | ast.Set)
            else [given.elt]
            if isinstance(given, ast.ListComp | ast.SetComp | ast.GeneratorExp)
            else []
        )
        if parts and all(isinstance(part, ast.Call) for part in parts):
            task = rewriter.imports.use("asyncio.create_task")
            for part in parts:
                if not module.segment(part).startswith(task):
                    rewriter.replace(part, f"{task}({module.segment(part)})")
    return Repair(
        "make each coroutine a task before waiting for it",
        "Since Python 3.11 asyncio.wait takes tasks alone. The edit makes each coroutine a task where it is made.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.92,
    )


def _assigned(module: Module, name: ast.Name, function: FunctionNode | None) -> ast.expr | None:
    """Return the one value that a local name is given, or None."""
    where: ast.AST = function if function is not None else module.tree
    found = [node.value for node in ast.walk(where) if isinstance(node, ast.Assign) and any(getattr(item, "id", "") == name.id for item in node.targets)]
    return found[0] if len(found) == 1 else None


def _next_method(context: Context, layout: Layout) -> Repair | None:
    """Give an iterator class of Python 2 the name that Python 3 calls: `__next__`."""
    message = context.raised.message
    match = re.match(r"iter\(\) returned non-iterator of type '(\w+)'|'(\w+)' object is not an iterator", message)
    if context.raised.type != "TypeError" or match is None:
        return None
    name = match[1] or match[2]
    for module in context.project.containing(f"class {name}"):
        for node in module.nodes:
            if not isinstance(node, ast.ClassDef) or node.name != name:
                continue
            methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
            if "next" in methods and "__next__" not in methods:
                start = module.text.index("next", module.span(methods["next"])[0] + 3)
                edits = [(module, Edit(start, start + 4, "__next__"))]
                edits += [
                    (module, Edit(module.span(use)[1] - 4, module.span(use)[1], "__next__"))
                    for use in ast.walk(node)
                    if isinstance(use, ast.Attribute) and use.attr == "next" and getattr(use.value, "id", "") == "self"
                ]
                return Repair(
                    f"call the method of {name} __next__",
                    f"{name} has the method `next` that Python 2 called; Python 3 calls `__next__`. The edit renames it.",
                    tuple(edits),
                    0.92,
                )
    return None


def _sample(context: Context, layout: Layout) -> Repair | None:
    """Give a generator's own `sample` a sorted list where it is given a set; random.sample itself is in the table."""
    if not context.raised.message.startswith("Population must be a sequence"):
        return None
    calls = context.nodes(lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "sample")
    call = calls[0] if len(calls) == 1 else None
    if not isinstance(call, ast.Call) or not call.args or isinstance(call.args[0], ast.Starred):
        return None
    module, given = context.module, call.args[0]
    if any(use.node is call.func for use in uses(module)):
        return None
    return Repair(
        "choose from a sorted list of the set",
        "Since Python 3.11 sample() takes sequences alone. The edit gives it a sorted list of the set, so that a seed gives the same choice every time.",
        ((module, Edit(*module.span(given), f"sorted({module.segment(given)})")),),
        0.9,
    )


_CASES: tuple[Callable[[Context, Layout], Repair | None], ...] = (
    _coroutine,
    _getargspec,
    _formatargspec,
    _shuffle,
    _flags,
    _universal,
    _wait,
    _next_method,
    _sample,
)
