"""Pydantic models: fields, validators, serializers and settings changed, for what inherits from a model or embeds it as well.

A small model with the new fields is made aside to see what they are; the live model then takes them over and its schema,
validator and serializer are built for it anew by pydantic's own `model_rebuild`, at the commit.
"""

from __future__ import annotations

import ast
import copy
import types

from ...values import _mro, _type_vars, instance_vars, type_module
from .common import RESTART, Task, annotated, annotations_in, body, count, evaluate, has_hook, library, own_annotations, resolve, state_of, step, tell
from .rebuild import Model, rebuild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ..commit import Operations
    from ..plan import ModulePlan, Shared
    from ..text.compare import Change, ClassPair

TABLE = "models"
_SPECIAL = ("__init__", "model_post_init", "__get_pydantic_core_schema__", "__pydantic_init_subclass__", "__init_subclass__", "__class_getitem__")


def is_model(cls: Any) -> bool:
    """Tell whether a class is a pydantic (2.x) model."""
    base = library("pydantic.main", "BaseModel")
    return base is not None and any(kind is base for kind in _mro(cls)) and "__pydantic_fields__" in _type_vars(cls)


def claim(plan: ModulePlan, pair: ClassPair, cls: Any, changes: list[Change]) -> Optional[Task]:
    """Return the changes that are about fields, settings and validators, None where there are none; refuses a field that instances would lack."""
    mine = [change for change in changes if change.what == "assign" or (change.what == "function" and change.how != "changed" and _decorated(plan, change))]
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    if not mine and list(old) == list(new) and not pair.header:
        return None
    task = Task(plan, pair, cls, mine, _carry)
    for change in changes:
        if change.what == "function" and change.names[0] in _SPECIAL and change.how != "changed":
            raise task.refused(f"was {change.how}, and a model asks for it only when the class is made: {RESTART}", change.names[0], change.line)
    for base in _mro(cls):
        for name in ("__init_subclass__", "__pydantic_init_subclass__"):
            if name in _type_vars(base) and not type_module(base).startswith(("pydantic.", "typing", "builtins")):
                raise task.refused(f"has a base with {name}, which runs only when the class is made: {RESTART}")
    for name in new:
        if name not in old and name not in _type_vars(cls)["__pydantic_fields__"] and _needs_value(new[name]) and not name.startswith("_"):
            lacking = [item for item in task.instances() if name not in instance_vars(item)]
            if lacking and not has_hook(plan, cls, pair):
                said = count(lacking, "live instance")
                raise task.refused(f"is a new field without a default, and {said} would not have it: give it a default, define __reload__, or {RESTART}", name)
    return task


def _decorated(plan: ModulePlan, change: Change) -> bool:
    """Tell whether a method has a decorator of pydantic's, before or after."""
    for statement in (change.old, change.new):
        for node in getattr(statement.node, "decorator_list", ()) if statement is not None else ():
            value = resolve(plan, node.func if isinstance(node, ast.Call) else node)
            if str(getattr(value, "__module__", "")).partition(".")[0] == "pydantic":
                return True
    return False


def _needs_value(node: ast.AnnAssign) -> bool:
    if "ClassVar" in ast.dump(node.annotation):
        return False
    value = node.value
    if isinstance(value, ast.Call):
        given = [item for item in value.args if not (isinstance(item, ast.Constant) and item.value is Ellipsis)]
        called = getattr(value.func, "id", "") or getattr(value.func, "attr", "")
        return called == "Field" and not given and not any(word.arg in ("default", "default_factory", None) for word in value.keywords)
    return value is None or (isinstance(value, ast.Constant) and value.value is Ellipsis)


def _carry(task: Task) -> None:
    model = _made(task)
    live = _type_vars(task.cls)
    for name, value in model.methods.items():
        task.operations.bind(task.cls, name, value)
    for change in task.changes:
        if change.what == "function" and change.new is None:
            task.operations.unbind(task.cls, change.names[0])
    if model.same(live):
        return
    model.before = dict(live["__pydantic_fields__"])
    table = task.state.table(TABLE)
    table[id(task.cls)] = (task, model)
    task.state.finishers[TABLE] = _finish
    number = 0
    for name, field in model.fields.items():
        if name not in model.before and not field.is_required():
            number = len([item for item in task.instances() if name not in instance_vars(item)])
    for change in task.changes:
        added = bool(number) and change.how == "added" and change.what == "assign" and change.names[0] in model.fields
        tell(task.plan, change, f"{number} live {'instance has' if number == 1 else 'instances have'} it now" if added else "", "migrated" if added else "")
    if not task.changes:
        task.tell("its fields changed" if not task.pair.header else "its settings changed")


def _made(task: Task) -> Model:
    """Make a model with the new body aside and return what it is made of; unchanged fields are those of the live one."""
    plan, pair, cls = task.plan, task.pair, task.cls
    old, new = annotated(pair.old_node), annotated(pair.new_node)
    live, fields = own_annotations(cls), _type_vars(cls)["__pydantic_fields__"]
    lambdas = {name for change in pair.changes if change.what == "lambda" for name in change.names}
    changed = [name for name, node in new.items() if name not in old or name not in live or (ast.dump(old[name]) != ast.dump(node) and name not in lambdas)]
    nodes: list[ast.stmt] = []
    for item in pair.new_node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            nodes += [item] if _is_validator(plan, item) else []
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            nodes += [item] if item.target.id in changed or item.target.id not in fields else []
        elif isinstance(item, ast.Assign):
            nodes.append(item)
    fresh = body(plan, cls, nodes)
    made = annotations_in(fresh)
    names: dict[str, Any] = {
        name: value for name, value in fresh.items() if name not in ("__annotations__", "__annotate__", "__annotate_func__", "__module__", "__qualname__")
    }
    names["__annotations__"] = {name: made[name] if name in made else live[name] for name in new}
    names["__module__"], names["__qualname__"] = type.__dict__["__module__"].__get__(cls), type.__dict__["__qualname__"].__get__(cls)
    make_field = library("pydantic.fields", "Field")
    for name in new:
        if name not in made and name in fields and not fields[name].is_required():
            given = {"default_factory": fields[name].default_factory} if fields[name].default_factory is not None else {"default": fields[name].default}
            names[name] = make_field(**given)
    words = {str(word.arg): value for word, value in zip(pair.new_node.keywords, evaluate(plan, pair, [word.value for word in pair.new_node.keywords]))}  # noqa: B905
    try:
        bases = _type_vars(cls).get("__orig_bases__") or type.__dict__["__bases__"].__get__(cls)
        shadow = types.new_class(type.__dict__["__name__"].__get__(cls), bases, words, lambda namespace: namespace.update(names))
    except Exception as error:  # pydantic says in many ways what is wrong with a model, and types of the program have a say in it
        words_of = " ".join(str(error).split())[:200]
        raise task.refused(f"cannot be made with its new fields ({words_of}): correct it, or {RESTART}") from error
    model = Model(cls, shadow, [name for name in names["__annotations__"] if name in _type_vars(shadow)["__pydantic_fields__"]])
    kept = {name for name in new if name not in changed}
    model.fields = {name: fields[name] if name in kept and name in fields else field for name, field in _type_vars(shadow)["__pydantic_fields__"].items()}
    redone = {change.names[0] for change in task.changes if change.what == "function" and change.new is not None}
    model.methods = {name: getattr(fresh[name], "wrapped", fresh[name]) for name in redone if name in fresh}
    model.annotations = names["__annotations__"]
    return model


def _is_validator(plan: ModulePlan, node: Any) -> bool:
    values = [resolve(plan, item.func if isinstance(item, ast.Call) else item) for item in node.decorator_list]
    return any(str(getattr(value, "__module__", "")).partition(".")[0] == "pydantic" for value in values)


def _finish(shared: Shared, _operations: Operations) -> None:
    """Leave the rebuilding to the commit, when the live classes have what they are rebuilt from."""
    table: dict[int, tuple[Task, Model]] = state_of(shared).table(TABLE)
    tasks = [task for task, _ in table.values()]
    models = [model for _, model in table.values()]

    def run(operations: Operations) -> None:
        rebuild(models, operations)
        for task, model in zip(tasks, models):  # noqa: B905
            _migrate(task, model, operations)

    shared.late.append(step(tasks[0].pair.new_node.lineno, f"Pydantic's rebuilding of {tasks[0].plan.name}.{'.'.join(tasks[0].pair.path)}", run))


def _migrate(task: Task, model: Model, operations: Operations) -> None:
    """Give the live instances the new fields and private attributes."""
    added = {name: field for name, field in model.fields.items() if name not in model.before and not field.is_required()}
    private = {name: value for name, value in model.private.items() if name not in model.private_before}
    if not added and not private:
        return
    for item in task.plan.shared.heap.instances(task.cls):
        variables = instance_vars(item)
        for name, field in added.items():
            if name not in variables:
                factory = field.default_factory
                operations.item(
                    variables, name, factory() if factory is not None and not field.default_factory_takes_validated_data else copy.deepcopy(field.default)
                )
        for name, attribute in private.items():
            holder = getattr(item, "__pydantic_private__", None)
            if type(holder) is dict and name not in holder and str(attribute.get_default()) != "PydanticUndefined":
                operations.item(holder, name, attribute.get_default())
