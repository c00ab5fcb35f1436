"""Changes of pydantic 2 that a table cannot tell: they are about a model's fields, its configuration or its root."""

from __future__ import annotations

import ast
import re

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import Class, find_classes, index, last_name
from nexoide.repair.code.project import is_test
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.moved.repair import Repair
from nexoide.repair.moved.rewrite import Rewriter
from nexoide.repair.moved.uses import uses
from nexoide.repair.naming.packages import Layout

_MISSING = re.compile(r"\d+ validation errors? for (\w+)\n")
_FIELD = re.compile(r"\n([\w.]+)\n  Field required \[type=missing")
_OLD_KEYS = {
    "orm_mode": "from_attributes",
    "allow_population_by_field_name": "populate_by_name",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "anystr_lower": "str_to_lower",
    "anystr_upper": "str_to_upper",
    "min_anystr_length": "str_min_length",
    "max_anystr_length": "str_max_length",
    "schema_extra": "json_schema_extra",
    "validate_all": "validate_default",
    "keep_untouched": "ignored_types",
}
_DUMP_KEYS = frozenset(["indent", "ensure_ascii", "sort_keys", "separators", "default", "cls"])


def optional(context: Context, layout: Layout) -> Repair | None:
    """Give optional fields the default None that pydantic 1 gave them by itself."""
    message = context.raised.message
    if context.raised.type != "ValidationError":
        return None
    found = _told(context, message) if message else _seen(context)
    if found is None or is_test(found[0].module.rel):
        return None
    owners, missing = [found[0]], found[1]
    module, edits, named = owners[0].module, [], []
    known: set[str] = set()
    for item in _lineage(context, owners[0]):
        for node in item.node.body:
            if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or not _is_optional(item.module.segment(node.annotation)):
                continue
            known.add(node.target.id)
            edit = _none_default(item.module, node)
            if edit is not None:
                edits.append((item.module, edit))
                named.append(node.target.id)
    if not missing <= known or not missing & set(named):
        return None
    return Repair(
        f"give {', '.join(sorted(missing))} of {owners[0].name} the default None",
        f"An Optional field without a default is required since pydantic 2; before, it was None where it was not given. The edit writes `= None` at "
        f"{'the optional fields' if len(named) > 1 else 'the field'} of {owners[0].name} ({module.rel}).",
        tuple(edits),
        0.93,
    )


def _told(context: Context, message: str) -> tuple[Class, set[str]] | None:
    """Return the model and the missing fields that a message names, where nothing else is wrong."""
    match = _MISSING.match(message)
    missing = set(_FIELD.findall(message))
    if match is None or not missing or len(missing) != message.count("[type="):
        return None  # other fields are wrong too: what came in is not what was meant
    owners = find_classes(context.project, match[1], context.module)
    return (owners[0], missing) if len(owners) == 1 else None


def _seen(context: Context) -> tuple[Class, set[str]] | None:
    """Return the model that the failing line makes, and its optional fields that are not given, where all others are."""
    for node in context.nodes(lambda item: isinstance(item, ast.Call)):
        if not isinstance(node, ast.Call):
            continue
        maker = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr in ("parse_obj", "model_validate") else node.func
        owners = find_classes(context.project, last_name(maker), context.module) if last_name(maker) else []
        given = _given(context, node) if len(owners) == 1 else None
        if given is None or not any(base.endswith("Model") for item in _lineage(context, owners[0]) for base in item.bases):
            continue
        missing: set[str] = set()
        for item in _lineage(context, owners[0]):
            for field in item.node.body:
                if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name) or field.target.id in given:
                    continue
                if _none_default(item.module, field) is None:
                    continue  # it has a default
                if not _is_optional(item.module.segment(field.annotation)):
                    return None  # a field that is truly required lacks
                missing.add(field.target.id)
        if missing:
            return owners[0], missing
    return None


def _given(context: Context, call: ast.Call) -> set[str] | None:
    """Return the fields that a call gives a model; None where that is not known."""
    given = {item.arg for item in call.keywords if item.arg}
    for source in [*(item.value for item in call.keywords if item.arg is None), *call.args]:
        view = context.view(source)
        if isinstance(source, ast.Dict) and all(isinstance(key, ast.Constant) for key in source.keys):
            given |= {str(key.value) for key in source.keys if isinstance(key, ast.Constant)}
        elif view is not None and view.type == "dict" and view.keys:
            given |= {key.strip("'\"") for key in view.keys}
        else:
            return None
    return given


def _lineage(context: Context, item: Class, depth: int = 0) -> list[Class]:
    found = [item]
    for base in item.bases if depth < 6 else ():
        parents = find_classes(context.project, base, item.module)
        if len(parents) == 1 and parents[0] is not item:
            found += _lineage(context, parents[0], depth + 1)
    return found


def _is_optional(annotation: str) -> bool:
    text = annotation.strip("\"'").replace(" ", "")
    union = text.startswith("Union[") and "None" in text
    return text.startswith(("Optional[", "typing.Optional[", "t.Optional[", "None|")) or text.endswith("|None") or union


def _none_default(module: Module, node: ast.AnnAssign) -> Edit | None:
    if node.value is None:
        end = module.span(node)[1]
        return Edit(end, end, " = None")
    call = node.value
    if (
        isinstance(call, ast.Call)
        and last_name(call.func) == "Field"
        and not call.args
        and not {"default", "default_factory"} & {item.arg for item in call.keywords}
    ):
        at = module.span(call.func)[1]
        opening = module.text.index("(", at) + 1
        return Edit(opening, opening, "None, " if call.keywords else "None")
    return None


def config(context: Context, layout: Layout) -> Repair | None:
    """Write the keys of `class Config` as pydantic 2 calls them, where an error follows from the old ones."""
    message, kind = context.raised.message, context.raised.type
    if not (kind in ("PydanticUserError", "ValidationError", "UserWarning") or "Valid config keys have changed" in message):
        return None
    if kind == "ValidationError" and message and not any(word in message for word in ("Field required", "model_attributes_type", "model_type")):
        return None
    if kind == "PydanticUserError" and "from_attributes=True" not in message:
        return None
    edits: list[tuple[Module, Edit]] = []
    seen: list[str] = []
    for module in context.project.containing("class Config"):
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and node.name == "Config" and not is_test(module.rel):
                for item in node.body:
                    target = item.targets[0] if isinstance(item, ast.Assign) else None
                    if isinstance(target, ast.Name) and target.id in _OLD_KEYS:
                        edits.append((module, Edit(*module.span(target), _OLD_KEYS[target.id])))
                        seen.append(target.id)
    relevant = {
        "Field required": "allow_population_by_field_name",
        "from_attributes": "orm_mode",
        "model_attributes_type": "orm_mode",
        "model_type": "orm_mode",
    }
    if not any(key in seen for word, key in relevant.items() if word in message or not message) and "Valid config keys" not in message:
        return None
    names = ", ".join(f"{name} → {_OLD_KEYS[name]}" for name in dict.fromkeys(seen))
    return Repair(
        f"write the configuration's keys as pydantic 2 has them ({names})"[:110],
        f"pydantic 2 reads other keys in a model's configuration and ignores the old ones. The edit renames them: {names}.",
        tuple(edits),
        0.94,
    )


def root_validator(context: Context, layout: Layout) -> Repair | None:
    """Let a root validator be left out where a field is wrong already, as pydantic 2 wants it said."""
    if "`@root_validator` with pre=False" not in context.raised.message:
        return None
    edits: list[tuple[Module, Edit]] = []
    for module in context.project.containing("root_validator"):
        found = {use.node for use in uses(module) if use.dotted in ("pydantic.root_validator", "pydantic.class_validators.root_validator")}
        for node in module.nodes:
            for item in getattr(node, "decorator_list", []):
                if item in found:
                    end = module.span(item)[1]
                    edits.append((module, Edit(end, end, "(skip_on_failure=True)")))
                elif isinstance(item, ast.Call) and item.func in found and not {"pre", "skip_on_failure"} & {keyword.arg for keyword in item.keywords}:
                    end = module.span(item)[1] - 1
                    edits.append((module, Edit(end, end, ", skip_on_failure=True" if item.keywords else "skip_on_failure=True")))
    return Repair(
        "say skip_on_failure=True at the root validators",
        "pydantic 2 runs a root validator only where the fields are right, and wants that said. The edit says it; the validators stay as they are.",
        tuple(edits),
        0.94,
    )


def root(context: Context, layout: Layout) -> Repair | None:
    """Make a model with `__root__` a RootModel."""
    if "'__root__'" not in context.raised.message:
        return None
    edits: list[tuple[Module, Edit]] = []
    for module in context.project.containing("__root__"):
        rewriter = Rewriter(module, layout)
        for item in index(module).classes:
            if "__root__" in item.attributes:
                base = next((node for node in item.node.bases if last_name(node) == "BaseModel"), None)
                if base is None:
                    return None
                rewriter.replace(base, rewriter.imports.use("pydantic.RootModel"))
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and node.attr == "__root__":
                end = module.span(node)[1]
                rewriter.span(end - len("__root__"), end, "root")
            elif isinstance(node, ast.Name) and node.id == "__root__":
                rewriter.replace(node, "root")
            elif isinstance(node, ast.keyword) and node.arg == "__root__":
                start = module.span(node)[0]
                rewriter.span(start, start + len("__root__"), "root")
        rewritten = rewriter.edits()
        if not any(isinstance(node, ast.Name) and node.id == "BaseModel" for node in _left(module, index(module).classes)):
            rewritten = _without(rewriter)
        edits += [(module, edit) for edit in rewritten]
    return Repair(
        "make the model a RootModel",
        "A model of one value is a RootModel since pydantic 2, and its value is called root. The edit renames the base and every use of `__root__`.",
        tuple(edits),
        0.93,
    )


def _left(module: Module, classes: list[Class]) -> list[ast.AST]:
    """Return the names that a file goes on reading once its root models have another base."""
    gone = {id(base) for item in classes if "__root__" in item.attributes for base in item.node.bases}
    return [node for node in module.nodes if id(node) not in gone]


def _without(rewriter: Rewriter) -> list[Edit]:
    """Return the edits with `BaseModel` no longer imported."""
    for node in rewriter.module.nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "pydantic":
            for item in node.names:
                if item.name == "BaseModel" and item.asname is None:
                    rewriter.imports.drop(item)
    return rewriter.edits()


def constant(context: Context, layout: Layout) -> Repair | None:
    """Write a constant field as a Literal."""
    if "`const` is removed" not in context.raised.message:
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    for node in module.nodes:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.value, ast.Call) or last_name(node.value.func) != "Field":
            continue
        call = node.value
        keys = {item.arg: item for item in call.keywords}
        value = call.args[0] if call.args else keys["default"].value if "default" in keys else None
        if "const" not in keys or not isinstance(value, ast.Constant):
            continue
        rewriter.replace(node.annotation, f"{rewriter.imports.use('typing.Literal', prefer_module=False)}[{module.segment(value)}]")
        others = [module.segment(item) for item in call.keywords if item.arg not in ("const", "default")]
        rewriter.replace(call, f"{module.segment(call.func)}({', '.join([module.segment(value), *others])})" if others else module.segment(value))
    return Repair(
        "write the constant as a Literal",
        "Field has no const since pydantic 2; a field of one value is annotated with Literal. The edit does that and keeps the value as the default.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.94,
    )


def annotation(context: Context, layout: Layout) -> Repair | None:
    """Annotate a field that has only a value."""
    match = re.match(r"A non-annotated attribute was detected: `(\w+) = ", context.raised.message)
    if match is None:
        return None
    module = context.module
    for node in module.nodes:
        if (
            isinstance(node, ast.Assign)
            and isinstance(module.parents.get(node), ast.ClassDef)
            and node.lineno >= context.line
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == match[1]
            and isinstance(node.value, ast.Constant)
            and node.value.value is not None
        ):
            end = module.span(node.targets[0])[1]
            kind = type(node.value.value).__name__
            return Repair(
                f"annotate {match[1]} as {kind}",
                f"Every field of a model has an annotation since pydantic 2; before, the type was taken from the value. "
                f"The edit writes {kind}, the value's type.",
                ((module, Edit(end, end, f": {kind}")),),
                0.93,
            )
    return None


def dumped(context: Context, layout: Layout) -> Repair | None:
    """Write JSON with options that `.json()` handed on before."""
    if "`dumps_kwargs` keyword arguments are no longer supported" not in context.raised.message:
        return None
    module, rewriter = context.module, Rewriter(context.module, layout)
    nodes = context.nodes(lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "json")
    for node in nodes[:1]:
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Attribute)
        options = [module.segment(item) for item in node.keywords if item.arg in _DUMP_KEYS]
        fields = [module.segment(item) for item in node.keywords if item.arg not in _DUMP_KEYS]
        if all(text.startswith("indent") for text in options):
            rewriter.span(module.span(node.func)[1] - 4, module.span(node.func)[1], "model_dump_json")
            continue
        dump = f"{module.segment(node.func.value)}.model_dump({', '.join(['mode=' + chr(34) + 'json' + chr(34), *fields])})"
        rewriter.replace(node, f"{rewriter.imports.use('json.dumps')}({', '.join([dump, *options])})")
    return Repair(
        "write the JSON with json.dumps, or model_dump_json",
        "`.json()` hands no options on to json.dumps since pydantic 2. The edit dumps the model first and gives the options to what takes them.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.93,
    )


def arbitrary(context: Context, layout: Layout) -> Repair | None:
    """Allow a model to hold a class of the program's own, where pydantic names the setting."""
    match = re.search(r"Unable to generate pydantic-core schema for <class '([\w.<>]+)'>", context.raised.message)
    if match is None or "arbitrary_types_allowed" not in context.raised.message:
        return None
    module = context.module
    owner = next(
        (
            item
            for item in index(module).classes
            if item.node.lineno <= context.line <= (item.node.end_lineno or 0) and any(base.endswith("Model") for base in item.bases)
        ),
        None,
    )
    if owner is None:
        return None
    rewriter = Rewriter(module, layout)
    inner = next((node for node in owner.node.body if isinstance(node, ast.ClassDef) and node.name == "Config"), None)
    if inner is not None and (indent := module.own_indent(inner.body[-1])) is not None:
        end = module.span(inner.body[-1])[1]
        rewriter.span(end, end, f"\n{indent}arbitrary_types_allowed = True")
    elif inner is None and "model_config" not in owner.attributes:
        first = owner.node.body[0]
        has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(owner.node.body) > 1
        place = owner.node.body[1] if has_docstring else first
        indent = module.own_indent(place)
        if indent is None:
            return None
        at = module.span(place)[0]
        rewriter.span(at, at, f"model_config = {rewriter.imports.use('pydantic.ConfigDict')}(arbitrary_types_allowed=True)\n\n{indent}")
    return Repair(
        f"let {owner.name} hold a {match[1].rsplit('.', 1)[-1]}",
        f"{owner.name} has a field of a class that pydantic cannot check by itself. "
        "The edit allows such fields; pydantic then checks that the value is of the class.",
        tuple((module, edit) for edit in rewriter.edits()),
        0.85,
    )
