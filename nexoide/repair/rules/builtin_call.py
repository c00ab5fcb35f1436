"""TypeError of a call of the language's own functions: `sorted(x, cmp)`, `print(seperator=...)`, `append(a, b)`, `isinstance(x, A, B)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator

from nexoide.model.failure import Raised
from nexoide.repair.code.calls import Argument, arguments, rewrite
from nexoide.repair.code.edits import Edit, EditError
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.names import closest, is_tie
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.naming.importing import need
from nexoide.repair.proposal import Proposal
from nexoide.repair.rules.base import Example, in_own_code

# What each function takes by keyword, and what people write for it.
_KEYWORDS: dict[str, dict[str, str]] = {
    "print": {"sep": "seperator separator delimiter delim join", "end": "eol ending terminator newline", "file": "stream out output to", "flush": ""},
    "open": {"mode": "", "encoding": "enc charset codec encode", "errors": "error on_error", "newline": "newlines line_ending", "buffering": "buffer"},
    "sorted": {"key": "by func function fn on keyfunc", "reverse": "descending desc reversed rev"},
    "sort": {"key": "by func function fn on keyfunc", "reverse": "descending desc reversed rev"},
    "min": {"key": "by func function fn keyfunc", "default": "empty fallback otherwise"},
    "max": {"key": "by func function fn keyfunc", "default": "empty fallback otherwise"},
    "sum": {"start": "initial init default begin"},
    "enumerate": {"start": "begin first offset from_ base initial"},
    "round": {"ndigits": "digits decimals places precision n"},
    "split": {"sep": "separator seperator delimiter delim", "maxsplit": "max limit count n"},
    "zip": {"strict": "exact"},
}
_ORDER = ["key", "start", "stop", "step", "old", "new", "count", "default", "index", "object", "value"]
_INVALID = re.compile(r"'(\w+)' is an invalid keyword argument for (?:[\w.]*\.)?(\w+)\(\)")
_UNEXPECTED = re.compile(r"(?:[\w.]*\.)?(\w+)\(\) got an unexpected keyword argument '(\w+)'")
_NO_KEYWORDS = re.compile(r"(?:[\w.]*\.)?(\w+)\(\) takes no keyword arguments")
_SORTED = re.compile(r"sorted expected 1 argument, got 2|(?:list\.)?(sort)\(\) takes no positional arguments|sort\(\) takes exactly 0 positional arguments")
_EXACTLY = re.compile(r"(?:[\w.]*\.)?(append|add|join|appendleft)\(\) takes exactly one argument \((\d+) given\)")
_INSTANCE = re.compile(r"(isinstance|issubclass) expected 2 arguments, got \d+")
_MOST = re.compile(r"(list|set|tuple|frozenset) expected at most 1 argument, got \d+")
_KEYED = re.compile(r"([\w.<>]+)\(\) missing 1 required positional argument: '\w+'")
_BASE = re.compile(r"int\(\) can't convert non-string with explicit base")


class BuiltinCall:
    """Gives the arguments in the way that the function takes them."""

    name = "builtin-call"
    summary = "Gives one of the language's own functions its arguments as it takes them: keyword names, key functions, one tuple for several things."
    errors = ("TypeError",)
    examples: tuple[Example, ...] = (
        Example(
            name="two-things-appended",
            files={
                "main.py": "def pairs(rows):\n    found = []\n    for row in rows:\n        found.append(row, len(row))\n    return found\n\n\n"
                "print(pairs(['ab']))\n"
            },
            prints="[('ab', 2)]\n",
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether one of the language's own functions was called in a way that it does not take."""
        return raised.type == "TypeError" and any(
            pattern.match(raised.message) for pattern in (_INVALID, _NO_KEYWORDS, _SORTED, _EXACTLY, _INSTANCE, _MOST, _BASE, _UNEXPECTED, _KEYED)
        )

    def propose(self, context: Context) -> Iterable[Proposal]:
        """Yield the call as the function takes it."""
        message = context.raised.message
        if not in_own_code(context):
            return
        if (match := _INVALID.match(message)) is not None:
            yield from self._keyword(context, match[2], match[1])
        elif (match := _UNEXPECTED.match(message)) is not None and match[1] in _KEYWORDS:
            yield from self._keyword(context, match[1], match[2])
        elif (match := _NO_KEYWORDS.match(message)) is not None:
            yield from self._by_position(context, match[1])
        elif (match := _SORTED.match(message)) is not None:
            yield from self._sorting(context, match[1] or "sorted")
        elif (match := _EXACTLY.match(message)) is not None:
            yield from self._as_one(context, match[1])
        elif (match := _INSTANCE.match(message)) is not None:
            yield from self._instance(context, match[1])
        elif (match := _MOST.match(message)) is not None:
            yield from self._display(context, match[1])
        elif _BASE.match(message):
            yield from self._number(context)
        elif (match := _KEYED.match(message)) is not None:
            yield from self._key_of_two(context, match[1].rsplit(".", 1)[-1])

    def _keyword(self, context: Context, function: str, keyword: str) -> Iterator[Proposal]:
        if function == "sort" and not context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == "sort"):
            function = "sorted"  # it hands its keywords to sort(), whose message this is
        call = _call(context, function, lambda item: any(part.arg == keyword for part in item.keywords))
        if call is None:
            return
        given = next(part for part in call.keywords if part.arg == keyword)
        if keyword == "cmp" and function in ("sorted", "sort"):
            yield from self._compared(context, call, given.value, keyword)
            return
        known = _KEYWORDS.get(function, {})
        taken = {part.arg for part in call.keywords}
        new = next((name for name, others in known.items() if keyword in others.split()), "")
        if keyword == "ascending" and isinstance(given.value, ast.Constant) and isinstance(given.value.value, bool):
            start, end = context.module.span(given)
            yield from self._made(
                context, [Edit(start, end, f"reverse={not given.value.value}")], "say the order with reverse", f"{function}() says the order with reverse", 0.88
            )
            return
        ranked = closest(keyword, [name for name in known if name not in taken], 0.6)
        if not new and ranked and not is_tie(ranked):
            new = ranked[0][1]
        if not new or new in taken:
            context.refuse(f"{function}() takes no {keyword}, and none of what it takes is like it: {', '.join(known)}.")
            return
        start = context.module.span(given)[0]
        yield from self._made(
            context,
            [Edit(start, start + len(keyword), new)],
            f"give {function}() its {new} by that name",
            f"{function}() calls it {new} and not {keyword}",
            0.9,
        )

    def _by_position(self, context: Context, function: str) -> Iterator[Proposal]:
        call = _call(context, function, lambda item: bool(item.keywords) and all(part.arg for part in item.keywords))
        if call is None:
            return
        known = [part.arg for part in call.keywords]
        if len(known) > 1 and not all(name in _ORDER for name in known):
            context.refuse(f"{function}() takes its arguments by position, and their order cannot be told from their names.")
            return
        rows = arguments(call)
        places = sorted((row for row in rows if row.keyword), key=lambda row: _ORDER.index(str(row.keyword)) if row.keyword in _ORDER else 0)
        wanted = [row for row in rows if not row.keyword] + [Argument(row.index, None, row.text, row.node) for row in places]
        try:
            edit = rewrite(context.module, call, wanted)
        except EditError as error:
            context.refuse(f"The call was not edited: {error}.")
            return
        yield from self._made(context, [edit], f"give {function}() its arguments by position", f"{function}() takes no names for its arguments", 0.9)

    def _sorting(self, context: Context, function: str) -> Iterator[Proposal]:
        place = 1 if function == "sorted" else 0
        call = _call(context, function, lambda item: len(item.args) == place + 1)
        if call is None:
            return
        given = call.args[place]
        if isinstance(given, ast.Constant) and isinstance(given.value, bool):
            start = context.module.span(given)[0]
            yield from self._made(context, [Edit(start, start, "reverse=")], "say the order with reverse", f"{function}() takes reverse by keyword alone", 0.85)
        elif _takes_two(context, given):
            yield from self._compared(context, call, given, "")
        else:
            start = context.module.span(given)[0]
            yield from self._made(
                context, [Edit(start, start, "key=")], f"give {function}() its key by keyword", f"{function}() takes its key function by keyword alone", 0.9
            )

    def _key_of_two(self, context: Context, function: str) -> Iterator[Proposal]:
        """Yield a comparing function given as a key made one."""
        for node in context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("sorted", "sort", "min", "max")):
            for keyword in node.keywords if isinstance(node, ast.Call) else []:
                named = function == "<lambda>" if isinstance(keyword.value, ast.Lambda) else last_name(keyword.value) == function
                if isinstance(node, ast.Call) and keyword.arg == "key" and named and _takes_two(context, keyword.value):
                    yield from self._compared(context, node, keyword.value, "key")
                    return

    def _compared(self, context: Context, call: ast.Call, given: ast.expr, keyword: str) -> Iterator[Proposal]:
        """Yield a comparing function, as it was before Python 3, made a key."""
        text, edits = need(context.project, context.module, "functools", "cmp_to_key")
        start, end = context.module.span(given)
        begin = start if not keyword else context.module.span(next(item for item in call.keywords if item.arg == keyword))[0]
        edit = Edit(begin, end, f"key={text}({context.module.segment(given)})")
        yield from self._made(
            context, [*edits, edit], "sort by the comparing function, made a key", "sorting takes a key of one value, and this function compares two", 0.9
        )

    def _as_one(self, context: Context, function: str) -> Iterator[Proposal]:
        call = _call(context, function, lambda item: len(item.args) > 1)
        if call is None:
            return
        start, end = context.module.span(call.args[0])[0], context.module.span(call.args[-1])[1]
        text = context.module.text[start:end]
        new = f"[{text}]" if function == "join" else f"({text})"
        what = "one list" if function == "join" else "one tuple"
        yield from self._made(
            context,
            [Edit(start, end, new)],
            f"give {function}() its {len(call.args)} things as {what}",
            f"{function}() takes one thing, and it was given {len(call.args)}",
            0.84,
        )

    def _instance(self, context: Context, function: str) -> Iterator[Proposal]:
        call = _call(context, function, lambda item: len(item.args) > 2)
        if call is None:
            return
        start, end = context.module.span(call.args[1])[0], context.module.span(call.args[-1])[1]
        edit = Edit(start, end, f"({context.module.text[start:end]})")
        yield from self._made(context, [edit], f"give {function}() its classes as one tuple", f"{function}() takes several classes as one tuple", 0.94)

    def _display(self, context: Context, function: str) -> Iterator[Proposal]:
        call = _call(context, function, lambda item: len(item.args) > 1)
        if call is None:
            return
        inner = context.module.text[context.module.span(call.args[0])[0] : context.module.span(call.args[-1])[1]]
        new = {"list": f"[{inner}]", "set": f"{{{inner}}}", "tuple": f"({inner})", "frozenset": f"frozenset({{{inner}}})"}[function]
        edit = Edit(*context.module.span(call), new)
        yield from self._made(
            context, [edit], f"write the {function} with its items", f"{function}() takes one thing to go through, and it was given the items", 0.88
        )

    def _number(self, context: Context) -> Iterator[Proposal]:
        call = _call(context, "int", lambda item: len(item.args) == 2 or bool(item.keywords))
        if call is None:
            return
        base = call.args[1] if len(call.args) == 2 else next((item.value for item in call.keywords if item.arg == "base"), None)
        text = context.module.segment(call.args[0])
        plain = isinstance(base, ast.Constant) and base.value == 10
        edit = Edit(*context.module.span(call), f"int({text})") if plain else Edit(*context.module.span(call.args[0]), f"str({text})")
        why = "int() takes a base only for text, and the value was a number"
        yield from self._made(context, [edit], "convert a number without a base" if plain else "convert the number's digits", why, 0.86 if plain else 0.6)

    def _made(self, context: Context, edits: list[Edit], title: str, why: str, prior: float) -> Iterator[Proposal]:
        proposal = context.propose(
            rule=self.name,
            title=title,
            rationale=f"{why}: {context.raised.message[:90].rstrip('.')}. The edit changes this call alone, and what it is given stays the same.",
            edits=[(context.module, edit) for edit in edits],
            prior=prior,
            nature="call",
            alternatives=("Leaving the argument out: it was given for a reason.",),
        )
        if proposal is not None:
            yield proposal


def _call(context: Context, function: str, fits: Callable[[ast.Call], bool]) -> ast.Call | None:
    """Return the one call of a function at the failing place for which `fits` holds."""
    nodes = context.nodes(lambda node: isinstance(node, ast.Call) and last_name(node.func) == function)
    found = [node for node in nodes if isinstance(node, ast.Call) and fits(node)]
    if len(found) != 1 or any(isinstance(item, ast.Starred) for item in found[0].args):
        context.refuse(f"The line calls {function}() in several ways, or not by its name.")
        return None
    return found[0]


def _takes_two(context: Context, node: ast.expr) -> bool:
    """Say whether a function compares two values, by its parameters or its name."""
    if isinstance(node, ast.Lambda):
        return len(node.args.args) == 2
    name = last_name(node)
    found = _functions(context.module, name)
    return (len(found[0].args.args) == 2) if found else "cmp" in name or "compare" in name


def _functions(module: Module, name: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [item.node for item in index(module).functions if item.name == name]
