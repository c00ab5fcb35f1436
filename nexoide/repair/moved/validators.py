"""Validators of pydantic 1, written as those of pydantic 2."""

from __future__ import annotations

import ast

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.context import Context
from nexoide.repair.moved.repair import Repair
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.moved.uses import uses
from nexoide.repair.naming.packages import Layout

_OLD = ("pydantic.validator", "pydantic.class_validators.validator")


def validators(context: Context, layout: Layout) -> Repair | None:
    """Write `@validator` as `@field_validator` with `@classmethod`, and read the other values through `info`."""
    message = context.raised.message
    if "`field` and `config` parameters are not available" not in message and "`@validator` validators are deprecated" not in message:
        return None
    edits: list[tuple[Module, Edit]] = []
    cautions: list[str] = []
    count = 0
    for module in context.project.containing("validator", "pydantic"):
        if is_test(module.rel):
            continue
        rewriter = Rewriter(module, layout)
        found = {use.node for use in uses(module) if use.dotted in _OLD}
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Call) and decorator.func in found and _rewritten(rewriter, node, decorator, cautions):
                        count += 1
        if rewriter.changed:
            _import(rewriter)
        edits += [(module, edit) for edit in rewriter.edits()]
    if not count:
        return None
    return Repair(
        "write the validators as pydantic 2 has them",
        f"@validator is @field_validator with @classmethod since pydantic 2, and the field and the other values come as `info`. "
        f"The edit writes the {count} validator{'s' if count > 1 else ''} so.",
        tuple(edits),
        0.9,
        tuple(dict.fromkeys(cautions)),
    )


def _rewritten(rewriter: Rewriter, node: FunctionNode, decorator: ast.Call, cautions: list[str]) -> bool:
    module = rewriter.module
    given = {item.arg: item.value for item in decorator.keywords}
    if given.keys() - {"pre", "always", "allow_reuse", "check_fields"} or node.args.kwonlyargs or node.args.kwarg or node.args.vararg:
        return False
    indent = module.own_indent(node) if not node.decorator_list else module.text[module.line_start(decorator.lineno) : module.span(decorator)[0] - 1]
    parts = [module.segment(item) for item in decorator.args]
    if isinstance(given.get("pre"), ast.Constant) and getattr(given["pre"], "value", False):
        parts.append('mode="before"')
    if "always" in given:
        cautions.append("A validator with always=True ran for defaults too; Field(validate_default=True) does that now.")
    rewriter.replace(decorator, f"field_validator({', '.join(parts)})\n{indent}@classmethod")
    names = [item.arg for item in node.args.args]
    if len(names) > 2:
        first, last = module.span(node.args.args[2])[0], module.span(node.args.args[-1])[1]
        rewriter.span(first, last, "info")
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and item.id == "values" and "values" in names[2:]:
            rewriter.replace(item, "info.data")
        elif (
            isinstance(item, ast.Attribute)
            and isinstance(item.value, ast.Name)
            and item.value.id == "field"
            and item.attr in ("name", "alias")
            and "field" in names[2:]
        ):
            rewriter.replace(item, "info.field_name")
    return True


def _import(rewriter: Rewriter) -> None:
    for node in rewriter.module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "pydantic":
            for item in node.names:
                if item.name == "validator" and item.asname is None:
                    rewriter.imports.replace(item, "field_validator")
