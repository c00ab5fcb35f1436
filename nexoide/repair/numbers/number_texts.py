"""Texts that int() and float() do not take: numbers written with signs, separators or fractions, headings, parts in another order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nexoide.repair.code.contracts import answer_for_nothing, says_skip
from nexoide.repair.code.edits import Edit
from nexoide.repair.code.index import last_name
from nexoide.repair.code.scope import needs_parentheses
from nexoide.repair.code.source import Module
from nexoide.repair.code.values import value_of
from nexoide.repair.code.wayback import trace
from nexoide.repair.context import Context
from nexoide.repair.ideas import Idea, short
from nexoide.repair.numbers.converters import is_text_of_number

LITERAL = re.compile(
    r"invalid literal for int\(\) with base 10: (?P<whole>b?'.*'|b?\".*\")|could not convert string to float: (?P<real>b?'.*'|b?\".*\")", re.DOTALL
)
_SIGNS = "$€£¥%°"
_HEX = frozenset({"hex", "color", "colour", "mac", "hash", "digest", "address", "checksum", "crc", "rgb"})


def number_ideas(context: Context) -> Iterator[Idea]:
    """Yield what makes a number of the text that came, or takes the text that was meant."""
    match = LITERAL.match(context.raised.message)
    if match is None:
        return
    try:
        value = ast.literal_eval(match["whole"] or match["real"])
    except (ValueError, SyntaxError):
        return
    name = "int" if match["whole"] else "float"
    calls = [node for node in context.nodes(lambda node: _is_call(node, name)) if isinstance(node, ast.Call)]
    if not isinstance(value, str) or not calls:
        context.refuse("The line does not show which text was to become a number.")
        return
    call = next((item for item in calls if value_of(context, item.args[0]) == value), calls[0])
    if any(isinstance(item, ast.Call) and last_name(item.func) == "input" for spot in trace(context, call.args[0]) for item in ast.walk(spot.node)):
        context.refuse("The text was typed in by a person.")
        return
    yield from _of_text(context, call, name, value)


def _is_call(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and len(node.args) == 1 and not node.keywords


def _of_text(context: Context, call: ast.Call, name: str, value: str) -> Iterator[Idea]:
    module, given = context.module, call.args[0]
    text = module.segment(given)
    simple = isinstance(given, ast.Name | ast.Attribute | ast.Subscript | ast.Call)
    spelled = text if simple else f"({text})"
    if not value.strip():
        yield from _of_nothing(context, call, spelled)
        return
    if name == "int" and re.fullmatch(r"\s*[-+]?\d+\.\d*\s*", value):
        whole = not value.split(".")[1].strip("0 ")
        yield _given(context, call, f"float({text})", f"{short(value, 24)!r} is written with a fraction, which int() does not take", 0.86 if whole else 0.62)
        if not whole:
            start, end = module.span(call.func)
            yield Idea(
                title=f"read {short(text)} as a fraction: float()",
                why=f"{short(value, 24)!r} has a fraction, which int() would not take. The edit keeps it.",
                edits=[(module, Edit(start, end, "float"))],
                prior=0.66,
            )
        return
    if name == "int" and (base := _base(context, value, given)):
        end = module.span(given)[1]
        yield Idea(
            title=f"read {short(text)} to the base {base}",
            why=f"{short(value, 24)!r} is no decimal number. The edit reads it to the base {base}.",
            edits=[(module, Edit(end, end, f", {base}"))],
            prior=0.9,
        )
        return
    repeated = _repeated(context, given, name, value)
    if repeated is not None:
        yield repeated
        return
    for new, why, sure in _cleaned(value, spelled, name, context, given):
        yield _given(context, call, new, why, sure)
        return
    swapped = _swapped(context, given)
    if swapped is not None:
        yield swapped
        return
    heading = _heading(context, call, value)
    if heading is not None:
        yield heading
        return
    context.refuse(f"{short(value, 32)!r} is no number in any form; where it comes from is what to look at.")


def _repeated(context: Context, given: ast.expr, name: str, value: str) -> Idea | None:
    """Return the number made before it is multiplied, where `3 * "2.50"` has repeated its text."""
    count = next((size for size in range(1, len(value) // 2 + 1) if len(value) % size == 0 and value[:size] * (len(value) // size) == value), 0)
    if not count or not is_text_of_number(value[:count]):
        return None
    for spot in trace(context, given):
        node = spot.node
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            continue
        texts = [item for item in (node.left, node.right) if not _is_number(item)]
        if len(texts) != 1:
            return None
        text = short(spot.module.segment(texts[0]))
        return Idea(
            title=f"make a number of {text} before it is multiplied",
            why=f"{text} is text, and a whole number times a text repeats the text: {short(value, 24)!r} is {value[:count]!r} {len(value) // count} times. "
            f"The edit makes a number of it first.",
            edits=[(spot.module, Edit(*spot.module.span(texts[0]), f"{name}({spot.module.segment(texts[0])})"))],
            prior=0.9,
        )
    return None


def _is_number(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and isinstance(node.value, int)) or (isinstance(node, ast.Call) and last_name(node.func) in ("int", "len", "round"))


def _given(context: Context, call: ast.Call, new: str, why: str, prior: float) -> Idea:
    return Idea(
        title=f"read {short(new)} as a number",
        why=f"{why}. The edit takes that away, or reads it, before it makes a number of it.",
        edits=[(context.module, Edit(*context.module.span(call.args[0]), new))],
        prior=prior,
        unchecked=("Texts of yet another form.",),
    )


def _cleaned(value: str, spelled: str, name: str, context: Context, given: ast.expr) -> Iterator[tuple[str, str, float]]:
    """Yield the expression without what is no part of a number, why, and how sure that is."""
    bare = value.strip()
    if "\0" in bare and is_text_of_number(bare.strip("\0 ")):
        yield f'{spelled}.strip("\\0")', "NUL characters stand around the number", 0.88
    if "\u2212" in bare:
        yield f'{spelled}.replace("\\u2212", "-")', "the minus is written with its own character (U+2212)", 0.9
    for space, shown in (("\u00a0", "\\u00a0"), ("\u202f", "\\u202f"), (" ", " "), ("'", "'"), ("_", "_")):
        if space in bare and re.fullmatch(rf"[-+]?\d{{1,3}}(?:{space}\d{{3}})+(?:[.,]\d+)?", bare):
            tail = '.replace(",", ".")' if "," in bare else ""
            yield f'{spelled}.replace("{shown}", ""){tail}', "the thousands are set apart", 0.88
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare) and (name == "int" or "." in bare or bare.count(",") > 1):
        yield f'{spelled}.replace(",", "")', "the thousands are set apart with commas", 0.9
    elif re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+", bare):
        yield f'{spelled}.replace(".", "").replace(",", ".")', "points set the thousands apart, and a comma stands before the fraction", 0.9
    elif re.fullmatch(r"[-+]?\d+,\d+", bare) and name == "float":
        yield f'{spelled}.replace(",", ".")', "a comma stands before the fraction", 0.88
    match = re.fullmatch(r"(?P<front>[^\d.+-]*)(?P<number>[-+]?[\d,]*\.?\d+)(?P<back>[^\d]*)", bare)
    if match is not None and (match["front"] or match["back"]):
        yield from _signs(match["front"], match["number"], match["back"], spelled)


def _signs(front: str, number: str, back: str, spelled: str) -> Iterator[tuple[str, str, float]]:
    sign = front.strip() in ("", *_SIGNS) and back.strip() in ("", *_SIGNS)
    unit = not front.strip() and re.fullmatch(r"\s*[A-Za-z]{1,4}\.?", back) is not None
    if '"' in front + back or "\\" in front + back or not (sign or unit):
        return
    new = spelled
    if front:
        new += f'.removeprefix("{front}")'
    if back:
        new += f'.removesuffix("{back}")'
    if "," in number:
        new += '.replace(",", "")'
    what = (front + back).strip()
    yield new, f"{what!r} stands beside the number", 0.84 if sign and "%" not in what else 0.62


def _base(context: Context, value: str, given: ast.expr) -> int:
    bare = value.strip().lower()
    for prefix, base, digits in (("0x", 16, "[0-9a-f]+"), ("0b", 2, "[01]+"), ("0o", 8, "[0-7]+")):
        if re.fullmatch(rf"[-+]?{prefix}{digits}", bare):
            return base
    names = set(re.split(r"[\W_]+", f"{context.module.segment(given)} {getattr(context.function(given), 'name', '')}".lower()))
    return 16 if re.fullmatch(r"[0-9a-f]+", bare) and names & _HEX else 0


def _of_nothing(context: Context, call: ast.Call, spelled: str) -> Iterator[Idea]:
    module = context.module
    function = context.function(call)
    answer = answer_for_nothing(context, function, [module.segment(call.args[0])])
    loop = next((item for item in module.ancestors(call) if isinstance(item, ast.For)), None)
    if says_skip(module, function) and loop is not None:
        statement = module.statement(call)
        indent = module.own_indent(statement) if statement is not None else None
        if statement is not None and indent is not None:
            at = module.span(statement)[0]
            yield Idea(
                title="leave out what has no number",
                why="The text is empty, and the docstring says that such items are left out. The edit leaves them out.",
                edits=[(module, Edit(at, at, f"if not {spelled}.strip():\n{indent}    continue\n{indent}"))],
                prior=0.82,
                nature="guard",
            )
            return
    if answer is None or answer.is_statement:
        context.refuse("The text is empty, and the program does not say what number that is.")
        return
    new = f"{module.segment(call)} if {spelled}.strip() else {answer.text}"
    yield Idea(
        title=f"give {answer.text} where the text is empty",
        why=f"The text is empty, and {answer.why}. The edit gives {answer.text} then.",
        edits=[(module, Edit(*module.span(call), f"({new})" if needs_parentheses(module, call) else new))],
        prior=answer.sure - 0.04,
        nature="guard",
    )


def _swapped(context: Context, given: ast.expr) -> Idea | None:
    """Return the names of an unpacking exchanged, where the other part is the number."""
    module = context.module
    if not isinstance(given, ast.Name):
        return None
    function = context.function(given)
    for node in ast.walk(function if function is not None else module.tree):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.For | ast.comprehension) else None
        names = [item for item in target.elts if isinstance(item, ast.Name)] if isinstance(target, ast.Tuple) else []
        own = next((item for item in names if item.id == given.id), None)
        others = [item for item in names if item.id != given.id and is_text_of_number(value_of(context, ast.Name(item.id, ast.Load())))]
        if own is not None and len(others) == 1:
            other = others[0]
            return Idea(
                title=f"take {other.id} and {own.id} in the other order",
                why=f"{own.id} is no number, and {other.id}, taken beside it, is the text of one. The edit exchanges the two names.",
                edits=[(module, Edit(*module.span(own), other.id)), (module, Edit(*module.span(other), own.id))],
                prior=0.82,
                unchecked=("Whether each row has the parts in that order.",),
            )
    return None


def _heading(context: Context, call: ast.Call, value: str) -> Idea | None:
    """Return the first row left out, where the text is a heading: the name of what it is given to, or of a column that the project writes."""
    module = context.module
    if not re.fullmatch(r"[A-Za-z][A-Za-z _.-]{1,30}", value.strip()) or not _names_it(context, call, value.strip().lower()):
        return None
    for node in module.ancestors(call):
        if isinstance(node, ast.For):
            return _without_first(module, node.iter, node)
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp):
            return _without_first(module, node.generators[0].iter, module.statement(node))
    return None


def _names_it(context: Context, call: ast.Call, value: str) -> bool:
    module = context.module
    statement = module.statement(call)
    words = set(re.split(r"[\W_]+", (module.segment(statement) if statement is not None else "").lower()))
    if set(re.split(r"[\W_]+", value)) <= words:
        return True
    return any(_is_heading(node, value) for other in context.project.containing("") for node in other.nodes)


def _is_heading(node: ast.AST, value: str) -> bool:
    """Say whether a text's first line, or a row that is written, has a column of that name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        columns = [part.strip().lower() for part in re.split(r"[,;\t|]", node.value.split("\n")[0])]
        return len(columns) > 1 and value in columns
    if isinstance(node, ast.Call) and last_name(node.func) == "writerow":
        return any(isinstance(item, ast.Constant) and str(item.value).lower() == value for item in ast.walk(node))
    return False


def _without_first(module: Module, rows: ast.expr, statement: ast.stmt | None) -> Idea | None:
    why = "The text is the heading of its column, from the first row, which is read like the others. The edit leaves the first row out."
    if isinstance(rows, ast.Call) and last_name(rows.func) in ("splitlines", "readlines", "split"):
        end = module.span(rows)[1]
        return Idea(title="leave the row of headings out", why=why, edits=[(module, Edit(end, end, "[1:]"))], prior=0.87)
    indent = module.own_indent(statement) if statement is not None else None
    if statement is None or indent is None or not isinstance(rows, ast.Name):
        return None
    function = module.function(statement)
    for node in ast.walk(function if function is not None else module.tree):
        given: ast.expr | None = node.value if isinstance(node, ast.Assign) and last_name(node.targets[0]) == rows.id else None
        if isinstance(node, ast.With) and last_name(node.items[0].optional_vars) == rows.id:
            given = node.items[0].context_expr
        name = last_name(given.func) if isinstance(given, ast.Call) else ""
        if name in ("reader", "open"):
            at = module.span(statement)[0]
            return Idea(title="leave the row of headings out", why=why, edits=[(module, Edit(at, at, f"next({rows.id}, None)\n{indent}"))], prior=0.88)
        if name in ("splitlines", "readlines", "split", "list"):
            end = module.span(rows)[1]
            return Idea(title="leave the row of headings out", why=why, edits=[(module, Edit(end, end, "[1:]"))], prior=0.87)
    return None
