"""Solves a call against the signature it no longer fits: which argument is renamed, moved, dropped or added."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from nexoide.model.failure import ValueView
from nexoide.repair.code.calls import Argument, arguments
from nexoide.repair.code.names import closest, is_tie, same_family
from nexoide.repair.code.project import Project
from nexoide.repair.code.scope import is_pure
from nexoide.repair.code.signatures import Binding, Parameter, Signature, bind, bind_names
from nexoide.repair.code.source import Module
from nexoide.repair.code.sources import find_source, fits_name, own_name
from nexoide.repair.code.synonyms import same_meaning


@dataclass(slots=True)
class Plan:
    """The wanted arguments, what was done in words and as comparable steps, and how sure each step is."""

    wanted: list[Argument]
    steps: list[tuple[str, ...]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    sure: float = 1.0
    cautions: list[str] = field(default_factory=list)
    refusal: str = ""

    def step(self, step: tuple[str, ...], words: str, sure: float, caution: str = "") -> None:
        """Note one step; a plan is as sure as its least sure step."""
        self.steps.append(step)
        self.words.append(words)
        self.sure = min(self.sure, sure)
        if caution:
            self.cautions.append(caution)


@dataclass(frozen=True, slots=True)
class Site:
    """One call, and what is known at it."""

    project: Project
    module: Module
    call: ast.Call
    views: Mapping[str, ValueView]
    habits: Mapping[str, list[str]]


def solve(site: Site, signature: Signature) -> Plan:
    """Return a plan after which the call binds; `refusal` says why there is none."""
    plan = Plan(arguments(site.call))
    binding = bind(signature, site.call)
    if binding.unknown:
        plan.refusal = "The call passes *args or **kwargs, so what it gives is not in its text."
        return plan
    for step in (_positional_only, _twice, _extra, _unexpected, _missing):
        step(site, signature, plan)
        if plan.refusal:
            return plan
    plan.wanted.sort(key=lambda item: item.keyword is not None)  # stable: only what became positional or keyword moves
    if not plan.steps or not _binding(signature, plan).good:
        plan.refusal = plan.refusal or "No change of the arguments makes the call fit."
    return plan


def _binding(signature: Signature, plan: Plan) -> Binding:
    return bind_names(signature, sum(item.keyword is None for item in plan.wanted), [item.keyword for item in plan.wanted if item.keyword is not None])


def _positional(plan: Plan) -> list[Argument]:
    return [item for item in plan.wanted if item.keyword is None]


def _replace(plan: Plan, old: Argument, new: Argument | None) -> None:
    place = plan.wanted.index(old)
    plan.wanted[place : place + 1] = [new] if new is not None else []


def _with_keyword(item: Argument, keyword: str | None) -> Argument:
    return Argument(item.index, keyword, item.text, item.node)


def _positional_only(site: Site, signature: Signature, plan: Plan) -> None:
    for name in _binding(signature, plan).positional_only:
        places = [item.name for item in signature.positional]
        if places.index(name) != len(_positional(plan)):
            plan.refusal = f"{name} is positional-only now, and an argument before it is not given by position."
            return
        item = next(item for item in plan.wanted if item.keyword == name)
        place = plan.wanted.index(item)
        del plan.wanted[place]
        plan.wanted.insert(len(_positional(plan)), _with_keyword(item, None))
        plan.step(("position", name), f"{name} is given by position", 0.9)


def _twice(site: Site, signature: Signature, plan: Plan) -> None:
    binding = _binding(signature, plan)
    for name in binding.twice:
        item = _positional(plan)[int(binding.filled[name])]
        unfilled = [other for other in signature.by_name if other not in binding.filled]
        fitting = [other for other in unfilled if fits_name(item.node, other)]
        if not fitting and signature.star_star and own_name(item.node).isidentifier() and own_name(item.node) not in binding.filled:
            fitting = [own_name(item.node)]  # one of the further keywords, by its own name
        if len(fitting) != 1:
            plan.refusal = f"{name} is given twice, and nothing says which parameter the positional one is meant for."
            return
        _replace(plan, item, _with_keyword(item, fitting[0]))
        plan.step(("keyword", fitting[0]), f"{own_name(item.node)} is given as {fitting[0]}", 0.8)


def _extra(site: Site, signature: Signature, plan: Plan) -> None:
    binding = _binding(signature, plan)
    if not binding.extra:
        return
    given, slots = _positional(plan), signature.positional
    too_many = given[len(slots) :]
    unfilled = [item for item in signature.parameters if item.kind == "keyword" and item.name not in binding.filled]
    named = [next((other.name for other in unfilled if fits_name(item.node, other.name)), "") for item in too_many]
    required = [item.name for item in unfilled if item.required]
    typed = _by_type(site, unfilled, too_many)
    if all(named) and len(set(named)) == len(named):
        targets, sure, caution = named, 0.9, ""
    elif len(required) == len(too_many) and not any(named):
        targets, sure, caution = required, 0.74, "Which keyword each argument is meant for is read from their order."
    elif len(unfilled) == len(too_many) == 1 and not any(named):
        targets, sure, caution = [unfilled[0].name], 0.62, f"{unfilled[0].name} is the only keyword that takes it."
    elif typed and not any(named):
        targets, sure, caution = typed, 0.76, "Which keyword each argument is meant for is read from their order and types."
    else:
        _drop_extra(signature, plan, given, len(too_many))
        return
    for item, target in zip(too_many, targets, strict=True):
        _replace(plan, item, _with_keyword(item, target))
        plan.step(("keyword", target), f"{target} is given by keyword", sure, caution)


def _by_type(site: Site, unfilled: list[Parameter], given: list[Argument]) -> list[str]:
    """Return, in their order, the first keyword-only parameters whose defaults are of the given values' types; [] where one has none."""
    found: list[str] = []
    for item in given:
        view = site.views.get(item.node.id) if isinstance(item.node, ast.Name) else None
        kind = type(item.node.value).__name__ if isinstance(item.node, ast.Constant) else view.type if view is not None else ""
        fitting = [other.name for other in unfilled if other.kind == "keyword" and other.default == kind and other.name not in found]
        if not kind or not fitting:
            return []
        found.append(fitting[0])
    return found


def _drop_extra(signature: Signature, plan: Plan, given: list[Argument], count: int) -> None:
    """Drop positional arguments: those that no parameter's name claims where the names of all others match, else the last."""
    slots = [item.name for item in signature.positional]
    unclaimed = [item for item in given if not any(fits_name(item.node, name) for name in slots)]
    remaining = [item for item in given if item not in unclaimed]
    matched = len(unclaimed) == count and all(fits_name(item.node, name) for item, name in zip(remaining, slots, strict=False))
    dropped = unclaimed if matched else given[-count:]
    if not matched and any(fits_name(item.node, name) for item in dropped for name in slots):
        plan.refusal = "There are more arguments than parameters, and their names do not say which one is too many."
        return
    for item in dropped:
        if item.node is None or not is_pure(item.node):
            plan.refusal = "The argument that would have to go is computed by a call, which may have an effect of its own."
            return
        label = own_name(item.node) or ast.unparse(item.node)[:30]
        _replace(plan, item, None)
        plan.step(("drop", str(item.index)), f"{label} is no longer given", 0.7 if matched and slots else 0.45, f"The value {label} is no longer passed on.")


def _unexpected(site: Site, signature: Signature, plan: Plan) -> None:
    for name in _binding(signature, plan).unexpected:
        binding = _binding(signature, plan)
        unfilled = [item for item in signature.by_name if item not in binding.filled]
        item = next(item for item in plan.wanted if item.keyword == name)
        ranked = closest(name, unfilled, 0.6)
        family = [other for other in unfilled if same_family(name, other) or same_meaning(name, other)]
        claimed = [other for other in unfilled if fits_name(item.node, other)]
        if ranked and is_tie(ranked) and len(claimed) != 1:
            required = [row for row in ranked if row[1] in binding.missing]
            if len(required) != 1:
                plan.refusal = f"{ranked[0][1]} and {ranked[1][1]} are equally close to {name}."
                return
            ranked = required
        if len(claimed) == 1:
            new, sure, caution = claimed[0], 0.9, ""
        elif ranked:
            new, sure, caution = ranked[0][1], min(0.93, 0.6 + 0.4 * ranked[0][0]), ""
        elif len(family) == 1:
            new, sure, caution = family[0], 0.78, f"That {family[0]} is what {name} was is read from their names."
        elif len(binding.missing) == 1 and binding.missing[0] in unfilled:
            new, sure, caution = binding.missing[0], 0.74, f"{binding.missing[0]} is the only required parameter that is not given."
        else:
            _drop_keyword(plan, item, name, len(binding.missing), is_open=bool(unfilled))
            if plan.refusal:
                return
            continue
        _replace(plan, item, _with_keyword(item, new))
        plan.step(("rename", name, new), f"{name} is given as {new}", sure, caution)


def _drop_keyword(plan: Plan, item: Argument, name: str, missing: int, *, is_open: bool) -> None:
    """Drop a keyword; less sure where it may be one of the parameters that are not given, under another name."""
    if missing > 1:
        plan.refusal = f"{missing} parameters are not given, and none of them is like {name}."
        return
    if item.node is None or not _is_droppable(item.node):
        plan.refusal = f"{name} is not a parameter any more, and its value is computed by a call, which may have an effect of its own."
        return
    _replace(plan, item, None)
    plan.step(("drop", name), f"{name} is no longer given", 0.48 if is_open else 0.62, f"The value of {name} is no longer passed on.")


def _is_droppable(node: ast.expr) -> bool:
    """Say whether not evaluating an expression loses no effect: it is pure, or reads an item of something pure."""
    while isinstance(node, ast.Subscript) and is_pure(node.slice):
        node = node.value
    return is_pure(node)


def _missing(site: Site, signature: Signature, plan: Plan) -> None:
    if _realign(site, signature, plan):
        return
    for name in _binding(signature, plan).missing:
        source = find_source(site.project, site.module, site.call, name, site.views, site.habits)
        if source is None:
            plan.refusal = f"Nothing at the call is clearly the value for {name}."
            return
        places = [item.name for item in signature.positional]
        by_position = name in places and places.index(name) == len(_positional(plan)) and all(item.keyword is None for item in plan.wanted)
        if name not in signature.by_name and not by_position:
            plan.refusal = f"{name} is positional-only and not the next position."
            return
        new = Argument(-1, None if by_position else name, source.text)
        plan.wanted.append(new)
        plan.step(("add", name), f"{name} is given: {source.text}, {source.why}", source.sure)


def _realign(site: Site, signature: Signature, plan: Plan) -> bool:
    """Insert values for parameters that came in before others, where the arguments' own names show that they slid."""
    missing = _binding(signature, plan).missing
    given = _positional(plan)
    slots = signature.positional
    if not missing or not any(fits_name(item.node, name) for item in given for name in missing):
        return False
    wanted: list[Argument] = []
    added: list[tuple[str, str, str, float]] = []
    rest = list(given)
    for place, slot in enumerate(slots):
        if not rest:
            break
        later = any(fits_name(rest[0].node, other.name) for other in slots[place + 1 :])
        if fits_name(rest[0].node, slot.name) or not later:
            wanted.append(rest.pop(0))
            continue
        source = find_source(site.project, site.module, site.call, slot.name, site.views, site.habits)
        if source is None:
            plan.refusal = f"{slot.name} came in before the arguments that are given, and nothing at the call is clearly its value."
            return True
        wanted.append(Argument(-1, None, source.text))
        added.append((slot.name, source.text, source.why, source.sure))
    if rest or not added:
        return False
    plan.wanted = wanted + [item for item in plan.wanted if item.keyword is not None]
    for name, text, why, sure in added:
        plan.step(("insert", name), f"{name} is given in its place: {text}, {why}", min(sure, 0.85))
    return _binding(signature, plan).good
