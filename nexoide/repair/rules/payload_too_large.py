"""413: what is sent is larger than a limit of the program allows: send it in parts of the size that the program knows, or raise the limit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index
from nexoide.repair.code.placing import after_imports, joined
from nexoide.repair.code.scope import free_name
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.naming.importing import need
from nexoide.repair.naming.imports import Imports
from nexoide.repair.naming.packages import layout_of
from nexoide.repair.network.parts import chunked, divided, gives, halved, halving, refusing_test, whole_list
from nexoide.repair.network.size_limits import SizeLimit, batch_constant, governing, sent_size
from nexoide.repair.network.transient import exception_text
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example

_TYPES = re.compile(r"(?i)(payload|entity|request|content|body|message|upload|batch)\w*too\w*(large|big|long)|toolarge|sizeexceeded|limitexceeded|oversize")
_MESSAGE = re.compile(
    r"(?i)\b413\b(?=.*(large|error|status|http|entity|payload|content|limit|body|client|max|big|exceed))|(status|http|code|error)[^\d\n]{0,12}\b413\b"
    r"|\b(answered|returned|replied|gave|got|refused|with|response|reply)\W{1,3}413\b"
    r"|(payload|request|entity|content|body|batch|message)[\w ]{0,20}too (large|big|long)|exceeds? the (maximum|max|size|limit)|larger than the (maximum|limit)"
)


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
        """Yield smaller parts, then a higher limit; advice where the limit is somebody else's and nothing can be divided."""
        limit = governing(context)
        found = list(self._smaller_batch(context, limit)) if limit is not None else []
        if not found:
            found = [*self._in_parts(context, limit), *self._in_halves(context, limit)]
        if limit is not None:
            found += self._raised(context, limit, divisible=bool(found))
        yield from found
        if not found:
            yield context.advise(
                rule=self.name,
                title="what is sent is too large for the other side",
                text="Its limit is not a setting of this program. Send less at once, or have the limit raised there.",
                looked=(f"{context.raised.type}: {context.raised.message[:100]}",),
                final=False,
            )

    def _smaller_batch(self, context: Context, limit: SizeLimit) -> Iterator[Proposal]:
        """Yield the program's own batch size lowered to a limit that counts the same things."""
        known = batch_constant(context.project, limit)
        if known is None or known.value <= limit.value or not limit.is_count or known.node is limit.node:
            return
        text = str(limit.value)
        proposal = context.propose(
            rule=self.name,
            title=f"lower {known.name} from {known.module.segment(known.node)} to {text}",
            rationale=(
                f"{known.name} at {known.module.rel}:{known.node.lineno} sends {known.value} at once, and {limit.name} at "
                f"{limit.module.rel}:{limit.node.lineno} takes {limit.value}. The edit lowers it to that. Everything is still sent, in more requests."
            ),
            edits=[(known.module, Edit(*known.module.span(known.node), text))],
            prior=0.85,
            nature="policy",
            alternatives=("A higher limit: it is set by the side that receives.",),
        )
        if proposal is not None:
            yield proposal

    def _raised(self, context: Context, limit: SizeLimit, *, divisible: bool) -> Iterator[Proposal]:
        size = sent_size(context, is_count=limit.is_count)
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
            prior=0.3 if limit.remote else 0.78 if limit.is_setting else 0.45 if divisible else 0.72,
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
        place = whole_list(context)
        if place is None:
            return
        here, call, given = place
        size = _part_size(context, here, call, limit)
        if size is None:
            return
        text, edits, prior = size
        module = here.module
        made = chunked(here, call, given, text)
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

    def _in_halves(self, context: Context, limit: SizeLimit | None) -> Iterator[Proposal]:
        """Yield the call made with halves of what was refused, which needs no number at all."""
        place = whole_list(context)
        if place is None:
            return
        here, call, given = place
        name = free_name(here.module, call, ["_send_in_parts", "_sent_in_parts"])
        if name is None:
            return
        inside = divided(here, call, given, name)
        edit = halved(here, call, given, name)
        if inside is None and edit is None:
            return
        module, changes = (inside[0].module, inside[1]) if inside is not None else (here.module, [edit] if edit is not None else [])
        if name in index(module).globals:
            return
        imports = Imports(module, layout_of(context))
        caught, source = exception_text(context, module)
        if source is not None and source[0] not in ("builtins", "__main__"):
            caught = imports.want(*source)
        text = halving(name, caught, refusing_test(context), gives=gives(here, call) != "nothing")
        at = after_imports(module)
        if at < 0:
            at = module.line_start(1)
        placed = Edit(at, at, f"\n\n\n{text}" if at else f"{text}\n\n\n")
        given_text = here.module.segment(given)
        own = limit is not None and limit.is_setting
        proposal = context.propose(
            rule=self.name,
            title=f"send {given_text} in halves where it is too large"[:110],
            rationale=(
                f"{here.module.segment(call)[:60]} sends all of {given_text} at once, and it was refused as too large, so nothing of it was taken. "
                "The edit sends its halves then, one after the other, as often as needed. Everything is still sent, in order."
            ),
            edits=[(module, item) for item in joined([*imports.edits(), *changes], placed)],
            prior=0.6 if own else 0.78,
            nature="call",
            cautions=("If one part fails, the parts before it have been sent.",),
            alternatives=("A fixed number for each part: the limit counts bytes, and items differ in size.",),
            unchecked=("Whether the other side takes nothing of what it refuses.",),
        )
        if proposal is not None:
            yield proposal


def _like(node: ast.expr, text: str, new: int, old: int) -> str:
    """Return the new number written like the old one: `4 * 1024` for `1 * 1024`, else the number itself."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, int):
        return f"{node.left.value * (new // old)}{text[len(str(node.left.value)) :]}"
    return f"{new:_}" if "_" in text else str(new)


def _part_size(context: Context, here: Context, call: ast.Call, limit: SizeLimit | None) -> tuple[str, list[Edit], float] | None:
    """Return the text of the size of a part as the calling file writes it, its imports, and how sure it is."""
    module = here.module
    known = batch_constant(context.project, limit)
    if known is not None and (limit is None or known.value <= limit.value):
        text, edits = _reach(context, module, known.module, known.name)
        return (text, edits, 0.82) if text else None
    if limit is None or not limit.name.isidentifier():
        return None
    if not limit.is_count:
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
