"""rules list|explain|test|new: what can be repaired without a model, shown, tried and extended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nexoide.cli.options import JsonOption, group
from nexoide.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nexoide.heal.examples import Tried
    from nexoide.repair.rules.base import Rule

app = group("The rules by which failures are repaired.")
NEVER = (
    "edits a test, a lock file, or a file outside the project",
    "catches an error just to hide it",
    "imports or runs the project's code while it reads it",
)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the rules: what each reads, does, and which package it is from; those that could not be loaded are listed with why."""
    from nexoide.cli.output import emit, emit_json, emit_table
    from nexoide.repair.rules import rules, unloadable

    found = rules()
    if as_json:
        rows = [
            {"name": rule.name, "errors": list(rule.errors), "summary": rule.summary, "from": _package(rule), "examples": len(rule.examples)} for rule in found
        ]
        emit_json({"rules": rows, "unloadable": unloadable()})
        return
    emit_table(("RULE", "ERRORS", "FROM", "WHAT IT DOES"), [(rule.name, _errors(rule), _package(rule), rule.summary) for rule in found], "There are no rules.")
    for name, why in unloadable().items():
        emit(f"Not loaded: {name}: {why}.")


@app.command()
def explain(name: Annotated[str, typer.Argument(metavar="NAME", help="A rule's name, as key-missing.")], as_json: JsonOption = False) -> None:
    """Explain one rule: what it sees and does, what it never does, and its examples as diffs, made now: 'nexoide rules explain key-missing'."""
    from nexoide.cli.output import emit_json

    rule = _named(name)
    tried = _try([rule])
    if as_json:
        about = {"name": rule.name, "errors": rule.errors, "summary": rule.summary, "from": _package(rule), "about": _about(rule), "never": _never(rule)}
        emit_json({**about, "examples": tried})
    else:
        _page(rule, tried)


@app.command("test")
def try_(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Rules by name; default: all.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Try the rules' examples for real, confined: each must fail, be repaired by its rule, and print what it should."""
    from nexoide.cli.output import emit, emit_json, emit_table
    from nexoide.repair.rules import rules

    tried = _try([_named(name) for name in names] if names else rules())
    failed = [item for item in tried if not item.ok]
    if as_json:
        emit_json({"ok": not failed, "examples": tried})
    else:
        rows = [("✓" if item.ok else "✗", item.rule, item.example, f"{item.seconds:.1f} s", item.said) for item in tried]
        emit_table(("", "RULE", "EXAMPLE", "TOOK", "WHAT CAME OF IT"), rows, "There are no examples.")
        emit(f"{len(tried) - len(failed)} of {len(tried)} examples are as they should be.")
    raise typer.Exit(1 if failed else 0)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new rule's name, small letters with hyphens, as quota-exceeded.")],
    path: Annotated[Path, typer.Option("--path", "-p", metavar="DIR", help="Where to write; default: here.")] = Path(),
    as_json: JsonOption = False,
) -> None:
    """Begin a rule: one file with one class, its example and its test; in a checkout of nexoide beside the others, else as a package of its own."""
    from nexoide.cli.output import emit, emit_json
    from nexoide.heal.new_rule import write_rule

    made = write_rule(name, path)
    if as_json:
        emit_json({"name": name, "package": made.package, "files": made.files})
        return
    for file in made.files:
        emit(f"wrote {file}")
    for line in made.next_steps:
        emit(line)


def _named(name: str) -> Rule:
    from difflib import get_close_matches

    from nexoide.repair.rules import rules, unloadable

    known = {rule.name: rule for rule in rules()}
    if name in known:
        return known[name]
    if name in unloadable():
        raise NotFoundError(f"The rule {name} could not be loaded: {unloadable()[name]}.")
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else "'nexoide rules list' shows those there are."
    raise NotFoundError(f"There is no rule {name[:60]}: {hint}")


def _try(rules: Sequence[Rule]) -> list[Tried]:
    import asyncio

    from nexoide.heal.examples import examples

    async def run() -> list[Tried]:
        async with examples() as place:
            return await place.every(rules)

    return asyncio.run(run())


def _page(rule: Rule, tried: Sequence[Tried]) -> None:
    from nexoide.cli.output import emit, emit_diff
    from nexoide.cli.sheet import BAD, DIM, PLAIN, Sheet

    sheet = Sheet()
    sheet.field("rule", rule.name)
    sheet.field("from", _package(rule))
    sheet.field("sees", _errors(rule))
    sheet.field("does", rule.summary)
    for number, line in enumerate(_about(rule)):
        sheet.field("" if number else "about", line)
    for number, line in enumerate(_never(rule)):
        sheet.field("" if number else "never", line)
    for item in tried:
        sheet.title(f"Example {item.example}")
        sheet.say(item.error, BAD, indent=2)
        if item.title:
            sheet.say(item.title, indent=2)
        sheet.say(item.said, DIM if item.ok else BAD, indent=2)
        if item.diff:
            emit()
            emit_diff(item.diff.removesuffix("\n").split("\n"))
    if not tried:
        sheet.say("It has no example.", PLAIN)


def _errors(rule: Rule) -> str:
    return ", ".join("any" if name == "*" else name for name in rule.errors)


def _about(rule: Rule) -> list[str]:
    """Return what the rule's own file and class say of it, a paragraph a line."""
    import inspect
    import sys

    texts = [inspect.getdoc(sys.modules[type(rule).__module__]), inspect.getdoc(type(rule))]
    return [" ".join(paragraph.split()) for text in texts if text for paragraph in text.split("\n\n")]


def _never(rule: Rule) -> list[str]:
    """Return what the rule says that it never does, and what no rule ever does."""
    own = getattr(rule, "never", ())
    return [*(str(item) for item in own if isinstance(own, tuple | list)), *NEVER]


def _package(rule: Rule) -> str:
    """Return the distribution that a rule is from."""
    from importlib.metadata import entry_points

    from nexoide.repair.rules import GROUP

    module = type(rule).__module__
    if module.startswith("nexoide."):
        return "nexoide"
    for point in entry_points(group=GROUP):
        if point.module == module and point.dist is not None:
            return f"{point.dist.name} {point.dist.version}"
    return module.partition(".")[0]
