"""An idea for a repair, as the parts of a rule hand it to the rule, which alone makes proposals."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nexoide.repair.code.edits import Edit
from nexoide.repair.code.source import Module
from nexoide.repair.context import Context
from nexoide.repair.proposal import Nature, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What `Context.propose` takes, without the rule's name."""

    title: str
    why: str
    edits: list[tuple[Module, Edit]]
    prior: float
    nature: Nature = "origin"
    guesses: bool = False
    cautions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


def offer(context: Context, rule: str, ideas: Iterable[Idea]) -> Iterator[Proposal]:
    """Yield the proposals of some ideas, those whose edits are not clean left out."""
    for idea in ideas:
        made = context.propose(
            rule=rule,
            title=idea.title,
            rationale=idea.why,
            edits=idea.edits,
            prior=idea.prior,
            cautions=idea.cautions,
            nature=idea.nature,
            guesses=idea.guesses,
            alternatives=idea.alternatives,
            unchecked=idea.unchecked,
        )
        if made is not None:
            yield made


def suffixed(module: Module, node: ast.expr, suffix: str) -> Edit:
    """Return the edit that calls a method of an expression's value, or takes a part of it: the expression with a suffix."""
    text = module.segment(node)
    simple = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.JoinedStr | ast.List | ast.Dict | ast.ListComp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )
    return Edit(*module.span(node), f"{text}{suffix}" if simple else f"({text}){suffix}")


def short(text: str, most: int = 48) -> str:
    """Return a text on one line, cut where it is too long for a title."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
