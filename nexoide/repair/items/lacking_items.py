"""Items that are not there: empty sequences, lines with too few parts, lists that are filled by number."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nexoide.repair.code.contracts import Answer, answer_for_nothing, gives_truth, guards_of, innermost_loop, says_skip
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.infer import own_nodes
from nexoide.repair.code.scope import is_elif, is_first_evaluated, needs_parentheses
from nexoide.repair.code.source import FunctionNode, Module
from nexoide.repair.code.values import Row, value_of
from nexoide.repair.code.wayback import Spot, trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.items.accesses import Access
from nexoide.repair.items.optional_keys import default_constant

_SEPARATORS = (",", ";", "\t", "|", ":", "=", " ", "-", "/")


def filled_by_number(context: Context, access: Access) -> Iterator[Idea]:
    """Yield append for a list that starts empty and is filled item after item."""
    module = context.module
    statement = module.statement(access.node)
    if not isinstance(statement, ast.Assign) or statement.targets != [access.node]:
        return
    starts_empty = any(isinstance(spot.node, ast.List) and not spot.node.elts for spot in trace(context, access.owner)[1:])
    starts_empty = starts_empty or any(
        isinstance(spot.node, ast.Call) and last_name(spot.node.func) == "list" and not spot.node.args for spot in trace(context, access.owner)[1:]
    )
    loop = innermost_loop(module, access.node)
    counts = isinstance(access.index, ast.Name) and isinstance(loop, ast.For | ast.While)
    if not starts_empty or not counts:
        return
    owner, value = module.segment(access.owner), module.segment(statement.value)
    yield Idea(
        title=f"append to {short(owner)}",
        why=f"{short(owner)} starts empty, and items that are not there yet cannot be set by number. The edit appends each, which gives them the same numbers.",
        edits=[(module, Edit(*module.span(statement), f"{owner}.append({value})"))],
        prior=0.9,
    )


def too_few_parts(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the separator that the text has, the part that was meant, or the skipping of lines that the program says it skips."""
    module = context.module
    source = next((spot for spot in trace(context, access.owner) if isinstance(spot.node, ast.Call) and last_name(spot.node.func) in ("split", "rsplit")), None)
    parts = value_of(context, access.owner)
    if source is None or not isinstance(source.node, ast.Call) or not isinstance(access.index, ast.Constant):
        return
    found = list(_other_separator(context, access, source, parts))
    yield from found
    if found:
        return
    used = _used_indexes(module, access)
    left = [place for place in range(access.length) if place not in used] if access.length > 0 else []
    if access.number is not None and access.length > 0 and access.number == access.length and left == [access.length - 1] and len(used) > 1:
        yield Idea(
            title=f"take part {left[0]}",
            why=(
                f"{short(module.segment(access.owner))} has {access.length} parts, counted from 0, and only part {left[0]} is "
                "used nowhere. The edit takes that one."
            ),
            edits=[(module, Edit(*module.span(access.index), str(left[0])))],
            prior=0.84,
        )
        return
    skipped = list(_skipped_lines(context, access, parts))
    yield from skipped or _named_default(context, access)


def _named_default(context: Context, access: Access) -> Iterator[Idea]:
    """Yield the constant that is named as the default of what the part is given to."""
    module = context.module
    default = default_constant(context, access.node)
    if default is None:
        return
    name, extra = default
    whole: ast.expr = access.node
    parent = module.parents.get(whole)
    while (
        isinstance(parent, ast.Call)
        and len(parent.args) == 1
        and parent.args[0] is whole
        and last_name(parent.func) in ("int", "float", "str", "Decimal", "bool")
    ):
        whole, parent = parent, module.parents.get(parent)
    text = f"{module.segment(whole)} if len({module.segment(access.owner)}) > {module.segment(access.index)} else {name}"
    yield Idea(
        title=f"take {name} where the part is not there",
        why=f"The line has no part {module.segment(access.index)}, and {name} is what the program names as its default. The edit takes that then.",
        edits=[(module, Edit(*module.span(whole), f"({text})" if needs_parentheses(module, whole) else text)), *extra],
        prior=0.86,
        nature="guard",
    )


def _other_separator(context: Context, access: Access, source: Spot, parts: object) -> Iterator[Idea]:
    assert isinstance(source.node, ast.Call)
    node, module = source.node, source.module
    given = node.args[0] if node.args else None
    text = parts[0] if isinstance(parts, Row) and len(parts) == 1 and isinstance(parts[0], str) else ""
    if not text or not (given is None or isinstance(given, ast.Constant)):
        return
    wanted = (access.number or 0) + 1
    fitting = [mark for mark in _SEPARATORS if mark in text and len([part for part in text.split(mark) if part.strip()]) >= wanted and text.count(mark) < 12]
    if given is None:
        fitting = [mark for mark in fitting if mark != " "]
    if not fitting:
        return
    mark = fitting[0]
    spelled = '"\\t"' if mark == "\t" else f'"{mark}"'
    new = spelled if mark != " " else ""
    edit = Edit(*module.span(given), new) if given is not None else Edit(module.span(node)[1] - 1, module.span(node)[1] - 1, new)
    if f"{mark} " in text and mark != " " and all(part.startswith(" ") for part in text.split(mark)[1:]):
        edit = Edit(edit.start, edit.end, f'"{mark} "' if mark != "\t" else new)
    yield Idea(
        title=f"split at {spelled if mark != ' ' else 'spaces'}",
        why=f"The line {short(repr(text))} was not split at all: its parts are divided by {spelled if mark != ' ' else 'spaces'}. The edit splits it there.",
        edits=[(module, edit)],
        prior=0.85,
    )


def _used_indexes(module: Module, access: Access) -> set[int]:
    function = module.function(access.node)
    owner = module.segment(access.owner)
    nodes = own_nodes(function) if function is not None else list(module.nodes)
    found = [
        item.slice.value for item in nodes if isinstance(item, ast.Subscript) and isinstance(item.slice, ast.Constant) and module.segment(item.value) == owner
    ]
    return {item for item in found if isinstance(item, int)}


def _skipped_lines(context: Context, access: Access, parts: object) -> Iterator[Idea]:
    """Yield the skipping of a line that has too few parts, where it is blank or the program says that such lines are skipped."""
    module = context.module
    loop = innermost_loop(module, access.node)
    statement = module.statement(access.node)
    indent = module.own_indent(statement) if statement is not None else None
    if not isinstance(loop, ast.For) or statement is None or indent is None or is_elif(module, statement) or not isinstance(access.owner, ast.Name):
        return
    blank = isinstance(parts, Row) and all(isinstance(item, str) and not item.strip() for item in parts)
    said = says_skip(module, module.function(access.node))
    if not (blank or said) or statement not in loop.body:
        return
    needed = max(_used_indexes(module, access)) + 1
    text = module.segment(access.owner)
    at = module.span(statement)[0]
    yield Idea(
        title=f"skip lines with fewer than {needed} parts",
        why=(
            f"{short(text)} has too few parts: {'the line is blank' if blank else 'the line is not complete'}"
            f"{', and the program says that such lines are left out' if said else ''}. The edit skips it."
        ),
        edits=[(module, Edit(at, at, f"if len({text}) < {needed}:\n{indent}    continue\n{indent}"))],
        prior=0.85 if said else 0.72,
        nature="guard",
        cautions=("Lines with too few parts are skipped without a word.",),
    )


def nothing_there(context: Context, owner: ast.expr, node: ast.expr) -> Iterator[Idea]:
    """Yield what the program says comes out of an empty sequence, before the statement that takes an item of it."""
    module = context.module
    function = module.function(node)
    text = module.segment(owner)
    statement = module.statement(node)
    loop = innermost_loop(module, node)
    if isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and loop.test.value and statement is loop.body[0]:
        yield Idea(
            title=f"go on while {short(text)} has items",
            why=f"The loop takes an item in every turn and never ends by itself. The edit lets it go on while {short(text)} has items.",
            edits=[(module, Edit(*module.span(loop.test), text))],
            prior=0.84,
        )
        return
    if isinstance(loop, ast.While) and isinstance(loop.test, ast.Compare) and _never_ends(module, loop.test, text):
        between = (module.span(loop.test.left)[1], module.span(loop.test.comparators[0])[0])
        yield Idea(
            title=f"go on while {short(text)} has items",
            why="A length is never below 0, so the loop goes on when nothing is left. The edit ends it there.",
            edits=[(module, Edit(*between, " > "))],
            prior=0.93,
        )
        return
    own_test = _tested_with(module, statement, node)
    if own_test is not None:
        yield _in_test(module, own_test, node, text)
        return
    answer = _next_check(module, statement, node) or answer_for_nothing(context, function, [text])
    answer = answer or _mirrored(module, function, node)
    if answer is None and function is not None and gives_truth(function):
        answer = Answer("False", f"{function.name}() answers with True or False, and there is nothing to take", 0.76)
    if answer is None or statement is None or function is None or not (isinstance(owner, ast.Name | ast.Attribute) or _is_plain(owner)):
        context.refuse(f"Nothing in the project says what should come out where {short(text)} is empty.")
        return
    indent = module.own_indent(statement)
    if indent is None or is_elif(module, statement) or not (is_first_evaluated(statement, node) or _is_plain(owner)):
        return
    statement = _before_changes(module, function, statement, text)
    indent = module.own_indent(statement) or indent
    at = module.span(statement)[0]
    action = answer.text if answer.is_statement else f"return {answer.text}"
    yield Idea(
        title=f"answer with `{short(action)}` where {short(text)} is empty",
        why=f"{short(text)} was empty, and {answer.why}. The edit does that before an item is taken.",
        edits=[(module, Edit(at, at, f"if not {text}:\n{indent}    {action}\n{indent}"))],
        prior=answer.sure,
        nature="guard",
        cautions=(f"Where {short(text)} is empty, this now ends with `{short(action)}`.",),
    )


def _mirrored(module: Module, function: FunctionNode | None, node: ast.expr) -> Answer | None:
    """Return what the other methods of the class answer before they take an item the same way of another attribute (`redo` beside `undo`)."""
    owner = module.owner(node)
    if owner is None or function is None or not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    taking, found = node.func.attr, dict[tuple[str, bool], Answer]()
    for where, name, text, is_statement in guards_of(module):
        if where is None or where is function or module.owner(where) is not owner:
            continue
        if any(isinstance(item, ast.Attribute) and item.attr == taking and last_name(item.value) == name for item in own_nodes(where)):
            found[text, is_statement] = Answer(text, f"{where.name}() answers that way where its {name} is empty", 0.82, is_statement=is_statement)
    return next(iter(found.values())) if len(found) == 1 else None


def _before_changes(module: Module, function: FunctionNode, statement: ast.stmt, text: str) -> ast.stmt:
    """Return where a test of `text` belongs: before what the function changes first, where that leaves `text` as it is.

    An answer given between two changes that belong together would leave half of them done.
    """
    body = function.body
    if statement not in body:
        return statement
    root, place = text.split(".", maxsplit=1)[0], body.index(statement)
    first = place
    for number in range(place - 1, -1, -1):
        item = body[number]
        plain = isinstance(item, ast.Expr) and isinstance(item.value, ast.Call)
        plain = plain or (isinstance(item, ast.Assign) and all(isinstance(target, ast.Attribute) for target in item.targets))
        inside = [module.segment(node) for node in ast.walk(item) if isinstance(node, ast.Name | ast.Attribute)]
        if not plain or text in inside or (root != "self" and root in inside):
            break
        first = number
    return body[first]


def _never_ends(module: Module, test: ast.Compare, text: str) -> bool:
    """Say whether a test is `len(x) >= 0`, which always holds."""
    limit = test.comparators[0]
    measured = (
        isinstance(test.left, ast.Call) and last_name(test.left.func) == "len" and module.segment(test.left.args[0]) == text
        if isinstance(test.left, ast.Call) and test.left.args
        else False
    )
    return measured and isinstance(test.ops[0], ast.GtE) and isinstance(limit, ast.Constant) and limit.value == 0


def _next_check(module: Module, statement: ast.stmt | None, node: ast.expr) -> Answer | None:
    """Return what the very next statement answers where the item that was taken does not fit: nothing does not fit either."""
    if not isinstance(statement, ast.Assign) or not isinstance(node, ast.Call):
        return None
    names = {item.id for target in statement.targets for item in ast.walk(target) if isinstance(item, ast.Name)}
    parent = module.parents.get(statement)
    block = next((part for name in ("body", "orelse", "finalbody") if statement in (part := getattr(parent, name, []))), [])
    place = block.index(statement) + 1 if statement in block else len(block)
    following = block[place] if place < len(block) else None
    if not isinstance(following, ast.If) or following.orelse or len(following.body) != 1 or not isinstance(following.test, ast.Compare):
        return None
    tested = {item.id for item in ast.walk(following.test) if isinstance(item, ast.Name)}
    answer = following.body[0]
    if not tested & names or not isinstance(answer, ast.Return | ast.Raise) or not isinstance(following.test.ops[0], ast.NotEq | ast.IsNot):
        return None
    if {item.id for item in ast.walk(answer) if isinstance(item, ast.Name)} & names:
        return None
    text = module.segment(answer)
    return Answer(text, f"the next line answers an item that does not fit with `{short(text)}`", 0.89, is_statement=True)


def _tested_with(module: Module, statement: ast.stmt | None, node: ast.expr) -> ast.If | None:
    """Return the `if` whose first test takes the item, and answers one that does not fit."""
    if not isinstance(statement, ast.If) or len(statement.body) != 1 or not isinstance(statement.body[0], ast.Return | ast.Raise | ast.Continue | ast.Break):
        return None
    test = statement.test
    first = test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else test
    fits = isinstance(first, ast.Compare) and isinstance(first.ops[0], ast.NotEq | ast.IsNot) and node in ast.walk(first)
    _ = module
    return statement if fits else None


def _in_test(module: Module, statement: ast.If, node: ast.expr, text: str) -> Idea:
    start = module.span(statement.test)[0]
    answer = short(module.segment(statement.body[0]))
    _ = node
    return Idea(
        title=f"answer with `{answer}` where {short(text)} is empty",
        why=f"{short(text)} was empty, and the line answers an item that does not fit with `{answer}`. The edit answers the same where there is none.",
        edits=[(module, Edit(start, start, f"not {text} or "))],
        prior=0.89,
        nature="guard",
    )


def _is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant | ast.Name):
            return False
        node = node.value
    return isinstance(node, ast.Name)


def of_nothing(context: Context) -> Iterator[Idea]:
    """Yield the default of max, min or a mean of nothing, as the program says it."""
    module = context.module
    for call in context.nodes(
        lambda node: isinstance(node, ast.Call) and last_name(node.func) in ("max", "min", "mean", "median", "mode", "fmean", "choice", "stdev")
    ):
        assert isinstance(call, ast.Call)
        if not call.args:
            continue
        given = call.args[0]
        function = module.function(call)
        tested = module.segment(given) if isinstance(given, ast.Name | ast.Attribute) else ""
        inner = given.generators[0].iter if isinstance(given, ast.GeneratorExp | ast.ListComp) else given
        source = (
            inner.func.value
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in ("values", "keys", "items")
            else inner
        )
        tested = tested or (module.segment(source) if isinstance(source, ast.Name | ast.Attribute) else "")
        answer = answer_for_nothing(context, function, [tested])
        if answer is None:
            context.refuse(f"Nothing in the project says what {last_name(call.func)}() of nothing should give.")
            return
        statement = module.statement(call)
        indent = module.own_indent(statement) if statement is not None else None
        is_whole = isinstance(statement, ast.Return)
        if (
            last_name(call.func) in ("max", "min")
            and not answer.is_statement
            and len(call.args) == 1
            and isinstance(statement, ast.Return)
            and statement.value is call
        ):
            end = module.span(call)[1] - 1
            text = f", default={answer.text}"
            if isinstance(given, ast.GeneratorExp) and not module.segment(given).startswith("("):
                start = module.span(given)[0]
                edits = [Edit(start, start, "("), Edit(module.span(given)[1], module.span(given)[1], ")" + text)]
            elif isinstance(given, ast.GeneratorExp) and module.text[end] == ")" and module.span(given)[1] == module.span(call)[1]:
                edits = [Edit(module.span(given)[0], module.span(given)[1], f"({module.segment(given)}{text})")]
            else:
                edits = [Edit(end, end, text)]
        elif (
            tested
            and indent is not None
            and statement is not None
            and function is not None
            and (is_whole or answer.is_statement or isinstance(statement, ast.Assign))
        ):
            at = module.span(statement)[0]
            action = answer.text if answer.is_statement else f"return {answer.text}"
            edits = [Edit(at, at, f"if not {tested}:\n{indent}    {action}\n{indent}")]
        else:
            return
        yield Idea(
            title=f"answer with {short(answer.text)} where there is nothing",
            why=f"{last_name(call.func)}() was given nothing, and {answer.why}. The edit does that then.",
            edits=[(module, edit) for edit in edits],
            prior=answer.sure,
            nature="guard",
            cautions=(f"Where there is nothing, the result is now {short(answer.text)}.",),
        )
        return
