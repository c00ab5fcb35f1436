"""The text of a small helper that runs a call again, and the ways in which a project already retries."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nexoide.repair.code.index import index, last_name
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module
from nexoide.repair.network.transient import Shape

ATTEMPTS = 5
LONGEST = 30.0


def helper(name: str, caught: str, asked: Shape, *, is_async: bool, decorates: bool) -> str:
    """Return the source of a function that runs a call up to five times and waits longer each time, at most 30 s in all.

    The waits double from a quarter of a second, are varied so that many callers do not come back together, and are never
    shorter than what the other side asks for. `decorates`: it is given a function and returns one that is run so.
    """
    words = f"{'async ' if is_async else ''}def"
    text = '"""Run a call that may be repeated again after a passing failure; waits grow, vary, and follow Retry-After."""'
    limits = f"attempts={ATTEMPTS}, longest={LONGEST}"
    if not decorates:
        return "\n".join([f"{words} {name}(call, *args, {limits}, **kwargs):", f"    {text}", *_loop(caught, asked, "call", "    ", is_async=is_async)])
    inner = [f"    {words} repeated(*args, **kwargs):", *_loop(caught, asked, "call", "        ", is_async=is_async)]
    return "\n".join([f"def {name}(call, {limits}):", f"    {text}", "", "    @functools.wraps(call)", *inner, "", "    return repeated"])


def _loop(caught: str, asked: Shape, call: str, indent: str, *, is_async: bool) -> list[str]:
    rest = f"not ({asked.passing}) or " if asked.passing else ""
    lines = [
        "deadline = time.monotonic() + longest",
        "for attempt in range(1, attempts + 1):",
        "    try:",
        f"        return {'await ' if is_async else ''}{call}(*args, **kwargs)",
        f"    except {caught}{' as error' if asked.after or asked.passing else ''}:",
        "        wait = 0.25 * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)",
    ]
    if asked.after:
        lines += [
            f"        after = {asked.after}",
            '        if after is not None and str(after).replace(".", "", 1).isdigit():',
            "            wait = max(wait, float(after))",
        ]
    lines += [
        f"        if {rest}attempt == attempts or time.monotonic() + wait > deadline:",
        "            raise",
        f"        {'await asyncio' if is_async else 'time'}.sleep(wait)",
    ]
    return [indent + line for line in lines]


@dataclass(frozen=True, slots=True)
class Existing:
    """A way in which the project retries elsewhere: a decorator's text, or a helper that is given a lambda; `rest` are its other arguments."""

    module: Module
    name: str
    text: str
    place: str
    is_decorator: bool
    rest: str = ""


def existing(project: Project) -> list[Existing]:
    """Return the retries that the project already has, decorators first."""
    found: list[Existing] = []
    modules = {module.rel: module for word in ("retr", "backoff", "Retr") for module in project.containing(word) if not is_test(module.rel)}
    for rel in sorted(modules):
        module = modules[rel]
        for node in module.nodes:
            if isinstance(node, FUNCTIONS):
                known = [item for item in node.decorator_list if _is_retry(item)]
                found += [Existing(module, _root(item), module.segment(item), f"{rel}:{item.lineno}", is_decorator=True) for item in known]
            elif isinstance(node, ast.Call) and _is_retry(node.func) and node.args and isinstance(node.args[0], ast.Lambda) and not node.args[0].args.args:
                rest = module.text[module.span(node.args[0])[1] : module.span(node)[1] - 1].rstrip()
                place = f"{rel}:{node.lineno}"
                found.append(Existing(module, _root(node.func), module.segment(node.func), place, is_decorator=False, rest=rest))
    return sorted(found, key=lambda item: not item.is_decorator)


def imported(project: Project, package: str) -> bool:
    """Say whether the project imports a package."""
    return any(source.split(".")[0] == package for module in project.containing(package) for source, _ in index(module).imports.values())


def already_retries(function: FunctionNode | None, node: ast.AST) -> bool:
    """Say whether a loop with a `try` already stands around a call, or a decorator that retries."""
    if function is None:
        return False
    if any(_is_retry(item) for item in function.decorator_list):
        return True
    for item in ast.walk(function):
        if isinstance(item, ast.For | ast.While) and any(part is node for part in ast.walk(item)):
            for inner in ast.walk(item):
                if isinstance(inner, ast.Try) and any(part is node for part in ast.walk(inner)) and _waits(item):
                    return True
    return False


def _waits(loop: ast.AST) -> bool:
    return any(isinstance(node, ast.Call) and last_name(node.func) == "sleep" for node in ast.walk(loop))


def _is_retry(node: ast.expr) -> bool:
    name = (last_name(node.func if isinstance(node, ast.Call) else node)).lower()
    root = _root(node).lower()
    return "retry" in name or "retri" in name or name.startswith("backoff") or root in ("tenacity", "stamina", "backoff", "retrying")


def _root(node: ast.expr) -> str:
    current: ast.expr = node.func if isinstance(node, ast.Call) else node
    while isinstance(current, ast.Attribute):
        current = current.value
    return current.id if isinstance(current, ast.Name) else ""
