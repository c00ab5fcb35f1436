"""A timeout, a rate limit or a broken connection on a call that may be made again: a bounded retry, as the project does it or with a helper."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nexoide.model.failure import Raised
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.names import words
from nexoide.repair.code.placing import after_imports, joined
from nexoide.repair.code.project import is_test
from nexoide.repair.code.scope import free_name
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.naming.imports import Imports
from nexoide.repair.naming.packages import Layout, layout_of
from nexoide.repair.network.retrying import ATTEMPTS, LONGEST, Existing, already_retries, existing, helper, imported
from nexoide.repair.network.timeouts import Limit, short_timeout, tiny_timeout
from nexoide.repair.network.transient import effect, exception_text, is_timeout, is_transient, shape
from nexoide.repair.proposal import Advice, Proposal
from nexoide.repair.rules.base import Example

_CHECKS = frozenset({"raise_for_status", "check", "check_status", "ensure_success", "raise_for_error", "check_response", "_check", "handle_response"})
_CHECKING = frozenset({"check", "raise", "ensure", "verify", "validate", "expect", "assert", "unwrap", "parse", "handle", "process", "decode"})
_PLAIN = frozenset({"len", "str", "int", "float", "isinstance", "format", "repr", "print", "dict", "list", "min", "max", "sum", "sorted", "range", "bool"})


@dataclass(frozen=True, slots=True)
class _Operation:
    """The call that is made again: where it stands, and the function around it; `whole` where that function must run again."""

    context: Context
    call: ast.Call
    function: FunctionNode | None
    whole: bool = False


class RetryPolicy:
    """Makes a reading call again after a passing failure; never one that could do something twice."""

    name = "retry-policy"
    summary = (
        "Makes a call that only reads again after a timeout, a rate limit or a broken connection, with growing waits and an end; it never repeats a payment."
    )
    errors = ("*",)
    examples: tuple[Example, ...] = (
        Example(
            name="a-read-that-times-out-once",
            files={
                "main.py": "calls = []\n\n\ndef answer(path):\n    calls.append(path)\n    if len(calls) < 3:\n        raise TimeoutError('timed out')\n"
                "    return 'sunny'\n\n\ndef fetch_weather(city):\n    return answer('/weather/' + city)\n\n\nprint(fetch_weather('oslo'))\n"
            },
            prints="sunny\n",
        ),
        Example(
            name="a-payment-is-not-repeated",
            files={"main.py": "def charge_card(amount):\n    raise TimeoutError('timed out')\n\n\ncharge_card(5)\n"},
            prints=None,
        ),
    )

    def applies(self, raised: Raised) -> bool:
        """Say whether the failure is one that often passes by itself."""
        return is_transient(raised)

    def propose(self, context: Context) -> Iterable[Proposal | Advice]:
        """Yield a longer limit where one is absurdly short, else a retry of a reading call, else advice."""
        limit = tiny_timeout(context) if is_timeout(context.raised) else None
        if limit is not None:
            yield from self._longer(context, limit)
            return
        short = short_timeout(context) if is_timeout(context.raised) else None
        if short is not None:
            yield from self._longer(context, short)
        operation = _operation(context)
        if operation is None:
            context.refuse("The call that would have to be made again cannot be told from the source.")
            return
        name = operation.function.name if operation.function is not None else ""
        what = effect(operation.context, operation.call, name)
        text = " ".join(operation.context.module.segment(operation.call).split())[:60]
        if what == "writes":
            yield context.advise(
                rule=self.name,
                title="not repeated: the call may have been carried out already",
                text=(
                    f"{text} changes something on the other side, and after {context.raised.type} nobody knows whether it did. Look there first. "
                    "A retry is right only with a key by which the other side knows a repetition."
                ),
                looked=(f"The call stands at {operation.context.module.rel}:{operation.call.lineno}.",),
            )
            return
        if already_retries(operation.function, operation.call):
            yield context.advise(
                rule=self.name,
                title="the call is repeated already, and failed every time",
                text=f"{text} stands in a loop that repeats it. Look at the service it asks; more repetitions would only hide that it is down.",
                final=short is None,
            )
            return
        prior = 0.78 if what == "reads" else 0.45
        for found in existing(context.project):
            proposal = self._as_project(context, operation, found, prior)
            if proposal is not None:
                yield proposal
                return
        proposal = self._package(context, operation, prior) or self._helper(context, operation, prior)
        if proposal is not None:
            yield proposal

    def _longer(self, context: Context, limit: Limit) -> Iterator[Proposal]:
        misses = "no answer over a network meets" if limit.prior >= 0.6 else "a slow answer misses"
        proposal = context.propose(
            rule=self.name,
            title=f"wait up to {limit.new} s and not {limit.old} s",
            rationale=(
                f"The time limit at {limit.module.rel}:{limit.node.lineno} is {limit.old} s, which {misses}; "
                f"{limit.why}. The edit sets it to {limit.new} s. No call is repeated."
            ),
            edits=[(limit.module, Edit(*limit.module.span(limit.node), limit.new))],
            prior=limit.prior,
            nature="policy",
            guesses=True,
            cautions=(f"A call may now wait {limit.new} s before it fails.",),
            alternatives=("Repeating the call: it would fail in the same way every time.",),
        )
        if proposal is not None:
            yield proposal

    def _as_project(self, context: Context, operation: _Operation, found: Existing, prior: float) -> Proposal | None:
        """Retry in the way that the project does elsewhere."""
        here, module = operation.context, operation.context.module
        caught = exception_text(here, module)[0].rsplit(".", 1)[-1]
        named = [word for word in ("Error", "Exception", "Timeout") if word in found.text]
        if named and caught not in found.text and not any(base in found.text for base in ("OSError", "Exception)", "Exception,", "ConnectionError")):
            return None
        imports = Imports(module, layout_of(context))
        text = found.text
        if found.module is not module:
            text = _brought(imports, layout_of(context), found, module)
            if not text:
                return None
        if found.is_decorator:
            function = operation.function
            indent = module.own_indent(function) if function is not None else None
            if function is None or indent is None or isinstance(function, ast.AsyncFunctionDef) != _is_async(operation):
                return None
            at = module.span(function)[0] if not function.decorator_list else module.span(function.decorator_list[-1])[1]
            edit = Edit(at, at, f"@{text}\n{indent}" if not function.decorator_list else f"\n{indent}@{text}")
        else:
            if operation.whole:
                return None
            edit = Edit(*module.span(operation.call), f"{text}(lambda: {module.segment(operation.call)}{found.rest})")
        return self._made(context, operation, [*imports.edits(), edit], f"as the project does at {found.place}", min(0.88, prior + 0.1), guesses=False)

    def _package(self, context: Context, operation: _Operation, prior: float) -> Proposal | None:
        """Retry with the package that the project imports and has installed."""
        packages, module, function = context.surroundings.packages, operation.context.module, operation.function
        if function is None or module.own_indent(function) is None or _is_generator(function):
            return None
        imports = Imports(module, layout_of(context))
        caught, source = exception_text(operation.context, module)
        if imported(context.project, "stamina") and (not packages or "stamina" in packages):
            text = f"{imports.want('stamina')}.retry(on={caught}, attempts={ATTEMPTS}, timeout={LONGEST})"
        elif imported(context.project, "tenacity") and (not packages or "tenacity" in packages):
            names = {name: imports.want("tenacity", name) for name in ("retry", "retry_if_exception_type", "stop_after_attempt", "stop_after_delay")}
            wait = imports.want("tenacity", "wait_random_exponential")
            text = (
                f"{names['retry']}(retry={names['retry_if_exception_type']}({caught}), stop={names['stop_after_attempt']}({ATTEMPTS}) | "
                f"{names['stop_after_delay']}({LONGEST:g}), wait={wait}(multiplier=0.25, max=8), reraise=True)"
            )
        else:
            return None
        if source is not None:
            imports.want(*source)
        at, indent = module.span(function)[0], module.own_indent(function)
        edits = [*imports.edits(), Edit(at, at, f"@{text}\n{indent}")]
        return self._made(context, operation, edits, "with the package that the project uses for it", prior + 0.04, guesses=True)

    def _helper(self, context: Context, operation: _Operation, prior: float) -> Proposal | None:
        """Retry with a small function in the same module."""
        module = operation.context.module
        name = free_name(module, operation.call, ["_with_retries", "_repeated", "_run_with_retries"])
        if name is None or is_test(module.rel) or any(isinstance(item, ast.Yield | ast.YieldFrom | ast.NamedExpr) for item in ast.walk(operation.call)):
            return None
        is_async = _is_async(operation)
        function = operation.function
        indent = module.own_indent(function) if function is not None else None
        if operation.whole and (function is None or indent is None or _is_generator(function)):
            return None
        imports = Imports(module, layout_of(context))
        caught, source = exception_text(operation.context, module)
        if source is not None and source[0] not in ("builtins", "__main__"):
            caught = imports.want(*source)
        if caught in ("TimeoutError", "ConnectionResetError", "ConnectionAbortedError"):
            caught = "(TimeoutError, ConnectionError)"
        if any(imports.want(item) != item for item in ("random", "time", *(["asyncio"] if is_async else []), *(["functools"] if operation.whole else []))):
            return None
        at = after_imports(module)
        if at < 0:
            at = _before_function(module, operation)
        text = helper(name, caught, shape(operation.context), is_async=is_async, decorates=operation.whole)
        if operation.whole and function is not None:
            top = module.span(function.decorator_list[0])[0] - 1 if function.decorator_list else module.span(function)[0]
            changed = Edit(top, top, f"@{name}\n{indent}")
        else:
            changed = Edit(*module.span(operation.call), _passed(module, operation.call, name))
        edits = [*imports.edits(), changed]
        placed = Edit(at, at, f"\n\n\n{text}" if at and module.text[at - 1] != "\n" else f"{text}\n\n\n")
        return self._made(context, operation, joined(edits, placed), "with a small function of this file", prior, guesses=True)

    def _made(self, context: Context, operation: _Operation, edits: list[Edit], how: str, prior: float, *, guesses: bool) -> Proposal | None:
        text = " ".join(operation.context.module.segment(operation.call).split())[:50]
        return context.propose(
            rule=self.name,
            title=f"repeat {text} after a passing failure, {how}"[:110],
            rationale=(
                f"{context.raised.type} is a failure that often passes by itself, and {text} only reads, so it may be made again. "
                f"The edit repeats it {how}, with growing waits and an end. The last failure is still raised."
            ),
            edits=[(operation.context.module, edit) for edit in edits],
            prior=prior,
            nature="policy",
            guesses=guesses,
            cautions=(f"A failing call now takes up to {LONGEST:g} s before it is given up.",) if guesses else (),
            alternatives=("A longer time limit: the limits that the program sets are of the usual size.",),
            unchecked=("Whether the other side counts repeated calls against a limit.",),
        )


def _operation(context: Context) -> _Operation | None:
    """Return what to repeat: the failing call; the function that asked and then refused the answer; the call of what raises by itself."""
    here: Context | None = context
    for _ in range(6):
        if here is None:
            return None
        asking = _answer(here)
        if asking is not None and not is_test(here.module.rel):
            return _Operation(here, asking, here.function(asking), whole=True)
        raising = here.nodes(lambda node: isinstance(node, ast.Raise))
        calls = [node for node in here.nodes(lambda node: isinstance(node, ast.Call)) if isinstance(node, ast.Call)]
        calls = [node for node in calls if last_name(node.func) not in _CHECKS | _PLAIN and not _is_check(node)]
        if not raising and calls and not is_test(here.module.rel):
            call = _sending(calls)
            return _Operation(here, call, here.function(call))
        here = here.outer()
    return None


def _is_check(call: ast.Call) -> bool:
    return bool(set(words(last_name(call.func))[:1]) & _CHECKING)


def _answer(here: Context) -> ast.Call | None:
    """Return the call whose answer the failing line refuses: a `raise` under a test of it, or a check that is given it."""
    module = here.module
    names: list[ast.expr] = []
    for node in here.nodes(lambda node: isinstance(node, ast.Raise | ast.Call)):
        if isinstance(node, ast.Raise):
            tests = [item.test for item in module.ancestors(node) if isinstance(item, ast.If)]
            names += [part for test in tests for part in ast.walk(test) if isinstance(part, ast.Name)]
        elif isinstance(node, ast.Call) and (last_name(node.func) in _CHECKS or _is_check(node)):
            held = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            names += [part for part in (*node.args, *held) if isinstance(part, ast.Name)]
    for name in names:
        function = module.function(name)
        for item in ast.walk(function) if function is not None else ():
            if isinstance(item, ast.Assign) and any(isinstance(target, ast.Name) and target.id == getattr(name, "id", "") for target in item.targets):
                value = item.value.value if isinstance(item.value, ast.Await) else item.value
                if isinstance(value, ast.Call) and last_name(value.func) not in _PLAIN and value.lineno <= here.line:
                    return value
    return None


def _sending(calls: list[ast.Call]) -> ast.Call:
    """Return the outermost call; the receivers of other calls are left to them."""
    found = [node for node in calls if not any(node is not other and node in ast.walk(other.func) for other in calls)]
    return found[0] if found else calls[0]


def _is_async(operation: _Operation) -> bool:
    if operation.whole:
        return isinstance(operation.function, ast.AsyncFunctionDef)
    return isinstance(operation.context.module.parents.get(operation.call), ast.Await)


def _passed(module: Module, call: ast.Call, name: str) -> str:
    """Return a call made through the helper: the function first, then its arguments, which are evaluated once as before.

    A coroutine among them can be awaited only once, so those are made anew each time.
    """
    made = [item for item in (*call.args, *(keyword.value for keyword in call.keywords)) if isinstance(item, ast.Call)]
    if made and isinstance(module.parents.get(call), ast.Await):
        return f"{name}(lambda: {module.segment(call)})"
    function = module.segment(call.func)
    rest = module.text[module.span(call.func)[1] : module.span(call)[1] - 1]
    given = rest[rest.index("(") + 1 :]
    return f"{name}({function}, {given})" if given.strip() else f"{name}({function})"


def _is_generator(function: FunctionNode) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))


def _brought(imports: Imports, layout: Layout, found: Existing, module: Module) -> str:
    """Return the text of a project's retry as another module writes it, "" where its arguments mean something only there."""
    tree = ast.parse(found.text, mode="eval")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    held = index(found.module).imports
    for name in sorted(names):
        if name in held:
            source, original = held[name]
            if source.startswith(".") or (original and original != name):
                return ""
            imports.want(source, original)
        elif name in index(found.module).globals:
            source = layout.spelled(module, found.module.rel) or ""
            if not source:
                return ""
            imports.want(source, name)
    return found.text


def _before_function(module: Module, operation: _Operation) -> int:
    """Return the offset of the top-level statement that holds the call."""
    top: ast.AST = operation.call
    for item in module.ancestors(operation.call):
        if isinstance(item, ast.Module):
            break
        top = item
    lines = [getattr(top, "lineno", 1), *(item.lineno for item in getattr(top, "decorator_list", []))]
    return module.line_start(min(lines))
