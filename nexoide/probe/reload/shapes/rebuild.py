"""Lets pydantic build the schema, validator and serializer of live models anew, and those of what embeds them; all of it undone on failure."""

from __future__ import annotations

import copy
import gc
import typing
from functools import partial
from weakref import WeakSet

from ...values import _mro, _type_vars, instance_vars, type_module
from ..commit import MISSING
from ..text.source import Refused
from .common import RESTART, adopt, below, library, named, own_annotations
from .same import plainly_equal, same_annotation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..commit import Operations

_BUILT = ("__pydantic_core_schema__", "__pydantic_validator__", "__pydantic_serializer__")
_TAKEN = (
    "model_config",
    "__class_vars__",
    "__private_attributes__",
    "__pydantic_post_init__",
    "__pydantic_custom_init__",
    "__pydantic_setattr_handlers__",
    "__pydantic_computed_fields__",
)
_TRACKED = (
    *_BUILT, *_TAKEN, "__pydantic_fields__", "__pydantic_decorators__", "__pydantic_complete__", "__pydantic_fields_complete__",
    "__pydantic_extra_info__", "__signature__", "__annotations__", "__hash__", "model_post_init",
)  # fmt: skip
MAX_DEPTH = 12
_shadows: WeakSet[Any] = WeakSet()  # they are among the subclasses of their bases until they are collected


class Model:
    """What one model of the patch will be made of."""

    def __init__(self, cls: Any, shadow: Any, own: list[str]) -> None:
        self.cls, self.shadow, self.own = cls, shadow, own
        self.fields: dict[str, Any] = {}
        self.before: dict[str, Any] = {}
        self.methods: dict[str, Any] = {}
        self.annotations: dict[str, Any] = {}
        _shadows.add(shadow)
        self.private: dict[str, Any] = dict(_type_vars(shadow).get("__private_attributes__", {}))
        self.private_before: dict[str, Any] = dict(_type_vars(cls).get("__private_attributes__", {}))

    def same(self, live: Any) -> bool:
        """Tell whether the live model is made of that already."""
        made = _type_vars(self.shadow)
        if self.methods or list(self.fields) != list(live["__pydantic_fields__"]) or list(self.private) != list(self.private_before):
            return False
        config = plainly_equal(dict(made["model_config"]), dict(live["model_config"]))
        decorators = _names_of(made["__pydantic_decorators__"]) == _names_of(live["__pydantic_decorators__"])
        return (
            config
            and decorators
            and all(_same_field(live["__pydantic_fields__"][name], field) for name, field in self.fields.items())
            and self._same_values(live)
        )

    def _same_values(self, live: Any) -> bool:
        made = _type_vars(self.shadow)
        names = set(made.get("__class_vars__", ()))
        return names == set(live.get("__class_vars__", ())) and all(plainly_equal(made[name], live.get(name)) for name in names if name in made)


def _names_of(infos: Any) -> dict[str, list[str]]:
    return {part: list(getattr(infos, part)) for part in infos.__dataclass_fields__}


def _same_field(one: Any, other: Any) -> bool:
    if one is other:
        return True
    same = (
        same_annotation(one.annotation, other.annotation)
        and plainly_equal(one.default, other.default)
        and plainly_equal(one.default_factory, other.default_factory)
    )
    return same and repr(one.metadata) == repr(other.metadata) and one.alias == other.alias and one.description == other.description


def rebuild(models: list[Model], operations: Operations) -> None:
    """Bring live models to what they will be made of and plan that, with its inverse; raises Refused where pydantic cannot, with all put back."""
    every = [
        cls
        for cls in below(library("pydantic.main", "BaseModel"))
        if "__pydantic_fields__" in _type_vars(cls) and not any(cls is model.shadow for model in models)
    ]
    affected = _affected([model.cls for model in models], every)
    befores = [(cls, {name: _type_vars(cls).get(name, MISSING) for name in (*_TRACKED, *_class_vars(models, cls))}) for cls in affected]
    adapters = [item for item in _adapters() if any(_mentions(instance_vars(item).get("_type"), cls) for cls in affected)]
    held = [(instance_vars(item), dict(instance_vars(item))) for item in adapters]
    by_id = {id(model.cls): model for model in models}
    current = affected[0]
    try:
        for cls in sorted(affected, key=lambda item: len(_mro(item))):
            current = cls
            _take(cls, by_id.get(id(cls)))
        for cls in affected:
            current = cls
            if cls.__pydantic_complete__ or id(cls) in by_id:
                cls.model_rebuild(force=True, raise_errors=True, _types_namespace={})
        for item in adapters:
            item.rebuild(force=True, raise_errors=True, _types_namespace={})
    except BaseException as error:  # pydantic says in many ways what is wrong with a model, and types of the program have a say in it
        _put_back(befores, held)
        if type(error) is KeyboardInterrupt:
            raise
        raise Refused(f"{named(current)} cannot be built with its new fields ({' '.join(str(error).split())[:200]}): correct it, or {RESTART}.") from error
    for cls, before in befores:
        for name, was in before.items():
            now = _type_vars(cls).get(name, MISSING)
            if now is not was:
                operations.do(_setter(cls, name, now), _setter(cls, name, was))
    for variables, was in held:
        for name in {**was, **variables}:
            if variables.get(name, MISSING) is not was.get(name, MISSING):
                operations.do(_item(variables, name, variables.get(name, MISSING)), _item(variables, name, was.get(name, MISSING)))
    _put_back(befores, held)  # the commit does all of it at once, the values of live instances included


def _setter(cls: Any, name: str, value: Any) -> Any:
    return partial(_drop, cls, name) if value is MISSING else partial(type.__setattr__, cls, name, value)


def _drop(cls: Any, name: str) -> None:
    if name in _type_vars(cls):
        type.__delattr__(cls, name)


def _item(variables: dict[str, Any], name: str, value: Any) -> Any:
    return partial(dict.pop, variables, name, None) if value is MISSING else partial(dict.__setitem__, variables, name, value)


def _put_back(befores: list[tuple[Any, dict[str, Any]]], held: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for cls, before in befores:
        for name, was in before.items():
            _setter(cls, name, was)()
    for variables, was in held:
        for name in {**was, **variables}:
            _item(variables, name, was.get(name, MISSING))()


def _class_vars(models: list[Model], cls: Any) -> set[str]:
    return {
        name
        for model in models
        if model.cls is cls
        for name in {*_type_vars(model.shadow).get("__class_vars__", ()), *_type_vars(cls).get("__class_vars__", ())}
    }


def _take(cls: Any, model: Any) -> None:
    """Give a live model its fields, its inherited ones included, its validators and its settings."""
    live = _type_vars(cls)
    inherited: dict[str, Any] = {}
    for base in reversed(_mro(cls)[1:]):
        inherited.update(_type_vars(base).get("__pydantic_fields__", {}))
    own = set(model.own) if model is not None else {name for name in own_annotations(cls) if name in live["__pydantic_fields__"]}
    source = model.fields if model is not None else live["__pydantic_fields__"]
    fields = {name: source[name] if name in own else copy.copy(field) for name, field in inherited.items()}
    fields.update({name: source[name] for name in source if name in own and name not in fields})
    for name in fields if _arguments(cls) else ():
        fields[name].apply_typevars_map(_arguments(cls))
    type.__setattr__(cls, "__pydantic_fields__", fields)
    if model is not None:
        made = _type_vars(model.shadow)
        for name in _TAKEN:
            if name in made:
                type.__setattr__(cls, name, made[name])
        type.__setattr__(cls, "__annotations__", model.annotations)
        if "__hash__" in made and "__hash__" not in live:
            type.__setattr__(cls, "__hash__", made["__hash__"])
        if "model_post_init" in made and "model_post_init" not in live:
            adopt([made["model_post_init"]], (model.shadow,), cls)
            type.__setattr__(cls, "model_post_init", made["model_post_init"])
        for name in made.get("__class_vars__", ()):
            if name in made and not plainly_equal(live.get(name, MISSING), made[name]):
                type.__setattr__(cls, name, made[name])
    infos = _type_vars(model.shadow)["__pydantic_decorators__"] if model is not None else live["__pydantic_decorators__"]
    type.__setattr__(cls, "__pydantic_decorators__", _decorators(cls, infos))


def _arguments(cls: Any) -> dict[Any, Any]:
    """Return what stands for the type variables in a model that was made by giving a generic one its arguments (`Page[int]`)."""
    known = _type_vars(cls).get("__pydantic_generic_metadata__") or {}
    given = _type_vars(known["origin"]).get("__pydantic_generic_metadata__") if known.get("origin") is not None else None
    return dict(zip(given["parameters"], known["args"])) if given is not None else {}  # noqa: B905


def _decorators(cls: Any, infos: Any) -> Any:
    """Return the validators and serializers of a model, inherited ones included, bound to it."""
    made = type(infos)()
    for part in infos.__dataclass_fields__:
        found: dict[str, Any] = {}
        for base in reversed(_mro(cls)[1:]):
            held = _type_vars(base).get("__pydantic_decorators__")
            found.update(getattr(held, part) if held is not None else {})
        found.update({name: item for name, item in getattr(infos, part).items() if item.cls_var_name in _type_vars(cls)})
        getattr(made, part).update({name: _bound(cls, item) for name, item in found.items()})
    return made


def _bound(cls: Any, item: Any) -> Any:
    takes = item.bind_to_cls.__func__.__code__.co_argcount
    if takes == 2:
        return item.bind_to_cls(cls)
    refs = library("pydantic._internal._type_refs", "any_class_type_ref")
    return item.bind_to_cls(cls, refs(cls) if refs is not None else item.cls_ref)


def _affected(start: list[Any], every: list[Any]) -> list[Any]:
    """Return the models of the patch, those that inherit from them and those that embed one, each after what it needs."""
    found = list(start)
    for cls in start:
        found += [item for item in below(cls) if any(item is known for known in every) and not any(item is other for other in found)]
    waiting = True
    while waiting:
        waiting = False
        for cls in every:
            if any(cls is item for item in found):
                continue
            fields = _type_vars(cls)["__pydantic_fields__"].values()
            if any(_mentions(field.annotation, item) or any(_mentions(part, item) for part in field.metadata) for field in fields for item in found):
                found.append(cls)
                waiting = True
    return found


def _mentions(annotation: Any, cls: Any, depth: int = 0) -> bool:
    if annotation is cls:
        return True
    if depth > MAX_DEPTH or (issubclass(type(annotation), type) and type_module(type(annotation)) != "types"):
        return False
    try:
        parts = typing.get_args(annotation)
    except TypeError:
        return False
    return any(_mentions(part, cls, depth + 1) for part in parts)


def _adapters() -> list[Any]:
    kind = library("pydantic.type_adapter", "TypeAdapter")
    return [] if kind is None else [item for item in gc.get_objects() if type(item) is kind]
