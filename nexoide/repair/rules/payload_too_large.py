"""413: what is sent is larger than a limit of the program allows: send it in parts of the size that the program knows, or raise the limit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.context import Context
from nexoide.repair.edits import Edit
from nexoide.repair.importing import need
from nexoide.repair.index import index, last_name
from nexoide.repair.infer import callees, own_nodes
from nexoide.repair.packages import layout_of
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example
from nexoide.repair.scope import free_name
from nexoide.repair.size_limits import SizeLimit, batch_size, governing, sent_size
from nexoide.repair.source import Module

_TYPES = re.compile(r"(?i)(payload|entity|request|content|body|message|upload|batch)\w*too\w*(large|big|long)|toolarge|sizeexceeded|limitexceeded|oversize")
_MESSAGE = re.compile(
    r"(?i)\b413\b(?=.*(large|error|status|http|entity|payload|content|limit|body|client|max|big|exceed))|(status|http|code|error)[^\d\n]{0,12}\b413\b"
    r"|(payload|request|entity|content|body|batch|message)[\w ]{0,20}too (large|big|long)|exceeds? the (maximum|max|size|limit)|larger than the (maximum|limit)"
)
_PLAIN = frozenset({"len", "str", "dumps", "encode", "isinstance", "print", "list", "dict"})


class PayloadTooLarge:
    """Sends in parts where the program knows their size, or raises the limit that its own server sets."""

    name = "payload-too-large"
    summary = "Answers 413 with smaller parts, of a size that the program states, or with a higher limit where the limit is the program's own."
    errors = ("*",)
    examples: tuple[Example, ...] = (
        Example(
            name="own-limit",
            files={
                "settings.py": "MAX_BODY_BYTES = 64\n",
                "main.py": "import settings\n\n\nclass PayloadTooLarge(Exception):\n    pass\n\n\ndef accept(body):\n"
                "    if len(body) > settings.MAX_BODY_BYTES:\n        raise PayloadTooLarge('413 Payload Too Large')\n    return len(body)\n\n\n"
                "print(accept(b'x' * 100))\n",
            },
            prints="100\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether something was refused because it is too large."""
        if raised.type in ("OverflowError", "MemoryError", "RecursionError", "AssertionError", "KeyError", "IndexError"):
            return False
        return _TYPES.search(raised.type) is not None or _MESSAGE.search(raised.message) is not None

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield parts, then a higher limit; advice where the limit is somebody else's and no size is known."""
        limit = governing(context)
        found = [*self._in_parts(context, limit), *(self._raised(context, limit) if limit is not None else ())]
        yield from found
        if not found:
            yield context.advise(
                rule=self.name,
                title="what is sent is too large for the other side",
                text="Its limit is not a setting of this program. Send less at once, or have the limit raised there.",
                looked=(f"{context.raised.type}: {context.raised.message[:100]}",),
                final=False,
            )

    def _raised(self, context: Context, limit: SizeLimit) -> Iterator[Proposal]:
        size = sent_size(context)
        new = limit.value * (2 if size > limit.value else 8)
        while new < size * 1.25 and new < limit.value * 1024:
            new *= 2
        text = limit.module.segment(limit.node)
        wanted = _like(limit.node, text, new, limit.value)
        proposal = context.propose(
            rule=self.name,
            title=f"raise {limit.name} from {text} to {wanted}",
            rationale=(
                f"What was sent{f' ({size})' if size > limit.value else ''} is larger than {limit.name}, {text}, at {limit.module.rel}:{limit.node.lineno}, "
                "which is what refuses it. The edit raises that limit and nothing else."
            ),
            edits=[(limit.module, Edit(*limit.module.span(limit.node), wanted))],
            prior=0.34 if limit.remote else 0.74,
            nature="policy",
            guesses=True,
            cautions=("A higher limit lets every caller send more, which costs memory and time.",),
            alternatives=("Sending less at once: nothing in the program says which part could be left out.",),
            unchecked=("Whether a proxy before the program has a limit of its own.",),
        )
        if proposal is not None:
            yield proposal

    def _in_parts(self, context: Context, limit: SizeLimit | None) -> Iterator[Proposal]:
        """Yield the one call that sends a whole list, made part by part."""
        place = _whole_list(context)
        if place is None:
            return
        here, call, given = place
        size = _part_size(context, here, call, limit)
        if size is None:
            return
        text, edits, prior = size
        module = here.module
        made = _chunked(here, call, given, text)
        if made is None:
            return
        name = module.segment(given)
        proposal = context.propose(
            rule=self.name,
            title=f"send {name} in parts of {text}"[:110],
            rationale=(
                f"{module.segment(call)[:60]} sends all of {name} at once, which is too large; the program itself states {text}. "
                "The edit makes the call once for each part, in order. Everything is still sent."
            ),
            edits=[(module, edit) for edit in [*edits, *made]],
            prior=prior,
            nature="call",
            cautions=("If one part fails, the parts before it have been sent.",),
            alternatives=(f"A higher limit: {'it is set by the other side' if limit is None or limit.remote else 'it is there for a reason'}.",),
        )
        if proposal is not None:
            yield proposal


def _like(node: ast.expr, text: str, new: int, old: int) -> str:
    """Return the new number written like the old one: `4 * 1024` for `1 * 1024`, else the number itself."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, int):
        return f"{node.left.value * (new // old)}{text[len(str(node.left.value)) :]}"
    return f"{new:_}" if "_" in text else str(new)


def _whole_list(context: Context) -> tuple[Context, ast.Call, ast.Name] | None:
    """Return the call on the failing way that is given a whole list by its name, the innermost one outside what refuses."""
    here: Context | None = context
    for _ in range(6):
        if here is None:
            return None
        raising = here.nodes(lambda node: isinstance(node, ast.Raise))
        for node in [] if raising else here.nodes(lambda node: isinstance(node, ast.Call)):
            if not isinstance(node, ast.Call) or last_name(node.func) in _PLAIN:
                continue
            for item in node.args:
                view = here.view(item)
                if isinstance(item, ast.Name) and view is not None and view.type in ("list", "tuple") and _iterated_is_fine(here, node):
                    return here, node, item
        here = here.outer()
    return None


def _iterated_is_fine(here: Context, call: ast.Call) -> bool:
    return not any(isinstance(item, ast.Starred) for item in call.args) and here.module.statement(call) is not None


def _part_size(context: Context, here: Context, call: ast.Call, limit: SizeLimit | None) -> tuple[str, list[Edit], float] | None:
    """Return the text of the size of a part as the calling file writes it, its imports, and how sure it is."""
    module = here.module
    known = batch_size(context.project)
    if known is not None and (limit is None or known[2] <= limit.value):
        text, edits = _reach(context, module, known[1], known[0])
        return (text, edits, 0.82) if text else None
    if limit is None or not limit.name.isidentifier():
        return None
    countable = re.search(r"(?i)items?|rows?|batch|records?|entries|count|chunk", limit.name) is not None
    if not countable:
        return None
    owner = limit.module.owner(limit.node)
    if owner is not None and isinstance(call.func, ast.Attribute):
        return f"{module.segment(call.func.value)}.{limit.name}", [], 0.78 if limit.remote else 0.6
    text, edits = _reach(context, module, limit.module, limit.name)
    return (text, edits, 0.78 if limit.remote else 0.6) if text else None


def _reach(context: Context, module: Module, source: Module, name: str) -> tuple[str, list[Edit]]:
    if source is module or name in index(module).imports:
        return name, []
    for alias, (where, original) in index(module).imports.items():
        if (f"{where}.{original}" if original else where).rsplit(".", 1)[-1] == source.rel.rsplit("/", 1)[-1].removesuffix(".py"):
            return f"{alias}.{name}", []
    spelled = layout_of(context).spelled(module, source.rel)
    return need(context.project, module, spelled, name) if spelled else ("", [])


def _chunked(here: Context, call: ast.Call, given: ast.Name, size: str) -> list[Edit] | None:
    """Return the edits that make the call part by part: a loop, a sum of counts, or the parts' lists put together."""
    module = here.module
    start = free_name(module, call, ["start", "offset", "first", "begin"])
    if start is None:
        return None
    parent = module.parents.get(call)
    awaited = isinstance(parent, ast.Await)
    whole: ast.expr = parent if isinstance(parent, ast.Await) else call
    above = module.parents.get(whole)
    first, last = module.span(given)
    begin, end = module.span(whole)
    part = f"{given.id}[{start} : {start} + {size}]"
    made = module.text[begin:first] + part + module.text[last:end]
    ranged = f"for {start} in range(0, len({given.id}), {size})"
    if isinstance(above, ast.Expr):
        indent = module.own_indent(above)
        return [Edit(begin, end, f"{ranged}:\n{indent}    {made}")] if indent is not None and "\n" not in made else None
    kind = _gives(here, call)
    if kind == "count":
        return [Edit(begin, end, f"sum([{made} {ranged}])" if awaited else f"sum({made} {ranged})")]
    if kind == "list":
        item = free_name(module, call, ["item", "row", "one", "each"])
        return [Edit(begin, end, f"[{item} {ranged} for {item} in {made}]")] if item is not None else None
    here.refuse(f"{module.segment(call)[:40]} gives a result, and nothing says how the results of its parts go together.")
    return None


def _gives(here: Context, call: ast.Call) -> str:
    """Return what a call's function gives by its returns: "count", "list", or ""."""
    found = {
        "count"
        if (isinstance(node.value, ast.Call) and last_name(node.value.func) in ("len", "sum"))
        else "list"
        if isinstance(node.value, ast.List | ast.ListComp) or (isinstance(node.value, ast.Call) and last_name(node.value.func) in ("list", "sorted"))
        else ""
        for function in callees(here.project, here.module, call)
        for node in own_nodes(function.node)
        if isinstance(node, ast.Return)
    }
    return next(iter(found)) if len(found) == 1 else ""
