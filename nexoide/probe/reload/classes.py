"""Plans what is changed about a live class as a whole: what made it makes it anew, aside, and the live class takes that over.

Its members alone are planned one by one by the rest of the engine. What needs to run the new text is done by `settle`, once
every module was planned, or at the commit where it needs a name that only the commit binds.
"""

from __future__ import annotations

from .commit import Operations
from .live import class_at
from .scratch import NotYet
from .shapes import bases, dataclass, enums, instances, models, namedtuples, plain, successors, typed, unknown
from .shapes.common import RESTART, Task, refused, state_of, step, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .plan import ModulePlan, Shared
    from .text.compare import Change, ClassPair


def plan(plan: ModulePlan, pair: ClassPair) -> list[Change]:
    """Take over the changes of a class that concern it as a whole; returns those that are planned one by one.

    Raises Refused, with one sentence, for what a live class cannot follow.
    """
    cls = class_at(plan.module, pair.path)
    if cls is None:
        raise refused(plan, pair, f"is not the class that its file defines any more: {RESTART}")
    left = list(pair.changes)
    if "type_params" in pair.header:
        raise refused(plan, pair, f"has other type parameters than before, which its methods hold from when the class was made: {RESTART}")
    for task in (
        _made(plan, pair, cls, left),
        _annotations(plan, pair, cls, left),
        plain.claim_slots(plan, pair, cls, left),
        plain.claim_special(plan, pair, cls, left),
    ):
        if task is not None:
            left = [change for change in left if not any(change is item for item in task.changes)]
            state_of(plan.shared).tasks.append(task)
    if any(change.what == "function" and change.how != "changed" for change in pair.changes) or "bases" in pair.header or "decorators" in pair.header:
        state_of(plan.shared).tasks.append(Task(plan, pair, cls, [], _consequences))
    return left


def _made(plan: ModulePlan, pair: ClassPair, cls: Any, left: list[Change]) -> Optional[Task]:
    """Return what the maker of a class has to do with, None where that is nothing."""
    if enums.is_enum(cls):
        _refuse_header(plan, pair, "bases")
        return enums.claim(plan, pair, cls, left)
    if typed.is_typed_dict(cls):
        return typed.claim(plan, pair, cls, left)
    if namedtuples.is_named_tuple(plan, pair, cls):
        _refuse_header(plan, pair, "bases", "keywords")
        return namedtuples.claim(plan, pair, cls, left)
    by = unknown.maker(plan, pair, cls)
    if by:
        unknown.check(plan, pair, cls, left, by)
        return None
    unknown.check_decorators(plan, pair)
    if models.is_model(cls):
        _refuse_header(plan, pair, "bases", "decorators")
        return models.claim(plan, pair, cls, left)
    _refuse_header(plan, pair, "keywords")
    if "bases" in pair.header:
        state_of(plan.shared).tasks.append(bases.claim(plan, pair, cls))
    if dataclass.is_dataclass(cls) or "decorators" in pair.header:
        return dataclass.claim(plan, pair, cls, left, bases="bases" in pair.header)
    return None


def _annotations(plan: ModulePlan, pair: ClassPair, cls: Any, left: list[Change]) -> Optional[Task]:
    made = typed.is_typed_dict(cls) or namedtuples.is_named_tuple(plan, pair, cls) or models.is_model(cls) or dataclass.is_dataclass(cls)
    return None if made or "decorators" in pair.header else plain.claim_annotations(plan, pair, cls, left)


def _refuse_header(plan: ModulePlan, pair: ClassPair, *parts: str) -> None:
    words = {
        "bases": "other bases than before, which such a class takes only when it is made",
        "keywords": "another metaclass or other class arguments than before, which are read only when the class is made",
        "decorators": "other decorators than before, which run only when the class is made",
    }
    for part in parts:
        if part in pair.header:
            raise refused(plan, pair, f"has {words[part]}: {RESTART}")


def _consequences(task: Task) -> None:
    """Follow what changed members mean for the class: abstract methods, protocol members, whether it has a hash."""
    if not dataclass.is_dataclass(task.cls) and not enums.is_enum(task.cls) and not models.is_model(task.cls):
        plain.follow_hash(task.plan, task.pair, task.cls, task.operations)
    typed.runtime_checkable(task)
    typed.refresh(task)
    typed.forget_answers(task)


def settle(shared: Shared) -> None:
    """Plan what the classes of a transaction need, once all of its modules are planned; called once."""
    state = state_of(shared)
    if shared.dry:
        for task in state.tasks:
            for change in task.changes:
                tell(task.plan, change)
            if not task.changes and task.pair.header:
                task.tell("its header changed")
        return
    told = len(shared.definitions)
    made = Operations()
    try:
        _carry(shared, made)
    except NotYet:
        if not shared.early and not any(change.how == "added" for item in shared.plans for change in item.comparison.changes):
            raise
        del shared.definitions[told:]
        state.clear()
        line = state.tasks[0].pair.new_node.lineno if state.tasks else 0
        shared.early.append(step(line, "A class", lambda operations: _carry(shared, operations)))
        return
    shared.operations.extend(made)


def succeed(shared: Shared) -> None:
    """Follow classes that moved to another module, once the new ones are made; called once, at the commit."""
    successors.succeed(shared)


def complete(shared: Shared) -> None:
    """Plan what instances that are younger than a reload need where that reload is taken back, or back again; called once."""
    instances.complete(shared)
    typed.complete(shared)


def _carry(shared: Shared, operations: Operations) -> None:
    state = state_of(shared)
    for task in state.tasks:
        task.operations = operations
        task.carry(task)
    for finish in list(state.finishers.values()):
        finish(shared, operations)
    plain.follow_lines(shared, operations)


__all__ = ["complete", "plan", "settle", "succeed"]
