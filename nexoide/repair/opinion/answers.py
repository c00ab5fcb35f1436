"""A model's answer, read strictly: SEARCH/REPLACE blocks over the program's own files, or nothing; runs in a worker process.

Prose around the blocks is dropped. What an answer may change is bounded here, whatever it says; what it is worth is for the same
validation and scoring to find out as for every other proposal.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nexoide.errors import InspectionError
from nexoide.model.codec import from_builtins
from nexoide.patches.naming import check_path, is_test_surface
from nexoide.repair.antipatterns import is_surface, patterns
from nexoide.repair.code.edits import Edit, EditError, checked
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import Module, UnreadableError, check_depth
from nexoide.repair.features import changed_lines
from nexoide.repair.opinion import reaching
from nexoide.repair.opinion.excerpts import enclosing
from nexoide.repair.proposal import Diagnosis, Proposal, diagnosis_to_dict
from nexoide.repair.surroundings import Surroundings

MAX_ANSWER, MAX_EDITS, MAX_LINES, MAX_WHY = 200_000, 10, 40, 90
PRIOR = 0.45
_SEARCH, _DIVIDER, _REPLACE = "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"
_QUOTES = frozenset('"`[]<>')
_NOTHING = re.compile(r"^\W*NO PATCH\b", re.MULTILINE)
_WHY = re.compile(r"^\W{0,4}WHY\W{0,4}[:：]\W{0,4}(.+)$", re.MULTILINE)


class AnswerError(Exception):
    """An answer that cannot be used; the text says why, in our words, to the operator and to the model."""


@dataclass(frozen=True, slots=True)
class Block:
    """One edit as it was answered."""

    path: str
    search: tuple[str, ...]
    replace: tuple[str, ...]


def apply(request: dict[str, Any]) -> dict[str, Any]:
    """Return `{"diagnosis", "problem", "nothing", "why"}` for `{"root", "answer", "surroundings", "model"}`.

    `problem` says why the answer cannot be used, `nothing` that it proposes none, `why` is its own explanation, cleaned.
    """
    answer = str(request["answer"])
    surroundings = from_builtins(request.get("surroundings", {}), Surroundings)
    result: dict[str, Any] = {"diagnosis": diagnosis_to_dict(Diagnosis()), "problem": "", "nothing": False, "why": explanation(answer)}
    try:
        blocks = parse(answer)
        if not blocks:
            result["nothing"] = True
            return result
        proposal = propose(Project(Path(str(request["root"]))), blocks, surroundings, str(request.get("model", "")))
    except AnswerError as error:
        return {**result, "problem": str(error)}
    return {**result, "diagnosis": diagnosis_to_dict(Diagnosis(proposals=(proposal,)))}


def parse(answer: str) -> list[Block]:
    """Return the blocks of an answer, none where it says NO PATCH; raises AnswerError for anything else."""
    if len(answer) > MAX_ANSWER:
        raise AnswerError(f"the answer is longer than {MAX_ANSWER:,} characters")
    lines = answer.replace("\r\n", "\n").split("\n")
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        if lines[at].rstrip() != _SEARCH:
            at += 1
            continue
        end = next((number for number in range(at + 1, len(lines)) if lines[number].rstrip() in (_REPLACE, _SEARCH)), len(lines))
        number = len(blocks) + 1
        if end == len(lines) or lines[end].rstrip() == _SEARCH:
            raise AnswerError(f"edit {number} does not end with {_REPLACE}")
        inside = lines[at + 1 : end]
        if [line.rstrip() for line in inside].count(_DIVIDER) != 1:
            raise AnswerError(f"edit {number} needs exactly one line {_DIVIDER} between what is searched and what takes its place")
        middle = [line.rstrip() for line in inside].index(_DIVIDER)
        blocks.append(Block(_path(lines[:at], number), tuple(inside[:middle]), tuple(inside[middle + 1 :])))
        at = end + 1
        if len(blocks) > MAX_EDITS:
            raise AnswerError(f"there are more than {MAX_EDITS} edits")
    if not blocks and not _NOTHING.search(answer):
        raise AnswerError(f"there is no block that begins with the line {_SEARCH}, and not NO PATCH either")
    return blocks


def _path(before: list[str], number: int) -> str:
    """Return the file that a block names on the line before it; a fence of backquotes may stand between."""
    for line in reversed(before[-3:]):
        text = line.strip()
        if text and not text.startswith("```"):
            return text.strip("`*# ").removesuffix(":").strip("`*")
        if text == "```":  # the end of a block before this one
            break
    raise AnswerError(f"edit {number} does not name its file on the line before {_SEARCH}")


def propose(project: Project, blocks: list[Block], surroundings: Surroundings, model: str) -> Proposal:
    """Return the proposal that some blocks make; raises AnswerError where one of them may not or cannot be made."""
    edits: dict[str, list[Edit]] = {}
    for number, block in enumerate(blocks, 1):
        module = _module(project, block, number)
        edits.setdefault(module.rel, []).append(_edit(module, block, number))
    files: dict[str, tuple[bytes, bytes]] = {}
    places: list[str] = []
    for rel, items in sorted(edits.items()):
        module = project.module(rel)
        files[rel] = (module.data, _made(module, items))
        places += [name for item in items if (name := enclosing(module, item.start)) not in places]
    lines = sum(changed_lines(base, new) for base, new in files.values())
    if lines > MAX_LINES:
        raise AnswerError(f"the edits change {lines} lines, and at most {MAX_LINES} may change")
    if "swallows" in patterns(files):
        raise AnswerError("the edits catch exceptions more broadly, or drop them without a word")
    problem = reaching.problem(project, files, surroundings)
    if problem:
        raise AnswerError(problem)
    return _worded(project, files, places, lines, model)


def _worded(project: Project, files: dict[str, tuple[bytes, bytes]], places: list[str], lines: int, model: str) -> Proposal:
    """Return the proposal in our words: nothing that the model wrote about its edit is among them."""
    where = f"{places[0]}{f' and {len(places) - 1} more' if len(places) > 1 else ''} in {min(files)}{' and other files' if len(files) > 1 else ''}"
    cautions = ["A language model wrote this edit: read it as the work of a stranger."]
    if reaching.new_imports(files):
        cautions.append("It imports what the file did not import before.")
    return Proposal(
        rule="model",
        title=f"a model's edit of {where}",
        rationale=f"The rules found nothing that is sure enough, so the model {model[:80]} was asked about the error, its frames and their values. "
        f"Its answer changes {lines} line{'s' if lines != 1 else ''}: {where}.",
        files=files,
        prior=PRIOR,
        nature="model",
        guesses=reaching.new_values(project, files),
        cautions=tuple(cautions),
        alternatives=("What the rules propose for this error is weighed beside it, where they propose anything.",),
        unchecked=("Why the model made this edit: only what it does was checked.",),
    )


def _module(project: Project, block: Block, number: int) -> Module:
    """Return the file of a block; raises AnswerError where it is none that may be edited."""
    try:
        check_path(block.path)
    except InspectionError:
        raise AnswerError(f"edit {number} names a path that no edit may have") from None
    if block.path not in project.files:
        raise AnswerError(f"edit {number} names a file that is not one of the program's")
    if is_test(block.path) or is_test_surface(block.path) or is_surface(block.path):
        raise AnswerError(f"edit {number} is of {block.path}, and tests and configuration are not edited")
    try:
        module = project.module(block.path)
        check_depth(module.tree)
    except UnreadableError as error:
        raise AnswerError(f"edit {number} is of {block.path}, which {error}") from None
    return module


def _edit(module: Module, block: Block, number: int) -> Edit:
    """Return the edit over the lines that differ alone; raises AnswerError unless the searched lines stand there exactly once."""
    wanted, lines = list(block.search), module.lines
    if not any(line.strip() for line in wanted):
        raise AnswerError(f"edit {number} searches for nothing: name the lines after which, or instead of which, something is to stand")
    count = len(wanted)
    found = [place for place in range(len(lines) - count + 1) if lines[place] == wanted[0] and lines[place : place + count] == wanted]
    if len(found) != 1:
        why = f"more than once in {module.rel}: search for more lines" if found else f"not in {module.rel} like that: take them over exactly"
        raise AnswerError(f"the lines that edit {number} searches for stand {why}")
    new = list(block.replace)
    first = 0
    while first < min(len(new), count) and new[first] == wanted[first]:
        first += 1
    last = 0
    while last < min(len(new), count) - first and new[-1 - last] == wanted[-1 - last]:
        last += 1
    put = new[first : len(new) - last]
    begin, end = found[0] + first, found[0] + count - last
    if end < len(lines):
        return Edit(module.line_start(begin + 1), module.line_start(end + 1), "".join(f"{line}\n" for line in put))
    start = module.line_start(begin + 1) if begin < len(lines) else len(module.text)
    return Edit(start, len(module.text), ("\n" if begin == len(lines) and put else "") + "\n".join(put))


def _made(module: Module, edits: list[Edit]) -> bytes:
    try:
        data = checked(module, edits)
    except EditError as error:
        raise AnswerError(f"the edits of {module.rel} cannot be made: {error}") from None
    if ast.dump(ast.parse(data)) == ast.dump(module.tree):
        raise AnswerError(f"the edits of {module.rel} change nothing that runs")
    return data


def explanation(answer: str) -> str:
    """Return what an answer says of itself: one line of plain characters, at most 90, without quotes that could end ours."""
    found = _WHY.search(answer[:MAX_ANSWER])
    said = found[1][:400] if found else ""
    text = "".join(character if character.isascii() and character.isprintable() and character not in _QUOTES else " " for character in said)
    text = " ".join(text.split())
    return text if len(text) <= MAX_WHY else text[: MAX_WHY - 3] + "..."
