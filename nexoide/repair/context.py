"""What a rule works on: the failure, the project, the failing place, and the one way to make a proposal."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from nexoide.model.failure import Failure, Frame, Raised, ValueView
from nexoide.repair.code.edits import Edit, EditError, checked
from nexoide.repair.code.project import Project, is_test
from nexoide.repair.code.source import FunctionNode, Module, UnreadableError
from nexoide.repair.proposal import Advice, Nature, Proposal, Thoughts
from nexoide.repair.surroundings import Surroundings


def locate(project: Project, frame: Frame) -> tuple[Module, int] | None:
    """Return the file and the line at which a frame's code stands now; None where it is not the project's or has gone.

    The line may have moved since the program was started: the frame's own text decides, and only where it is unique.
    """
    rel = project.relative(frame.file)
    if rel is None:
        return None
    try:
        module = project.module(rel)
    except UnreadableError:
        return None
    if module.too_deep:
        return None
    wanted = frame.source.strip().split("\n")[0].strip()
    lines = module.lines
    if 0 < frame.line <= len(lines) and (not wanted or lines[frame.line - 1].strip() == wanted):
        return module, frame.line
    places = [number for number, line in enumerate(lines, 1) if wanted and line.strip() == wanted]
    return (module, places[0]) if len(places) == 1 else None


def raises(raised: Raised, frame: Frame) -> bool:
    """Say whether a frame is the one that raised: the last, but for what a library has generated (methods of dataclasses), which is nobody's code."""
    place = next((number for number, item in enumerate(raised.frames) if item is frame), len(raised.frames))
    return all(item.file.startswith("<") for item in raised.frames[place + 1 :]) and place < len(raised.frames)


@dataclass(slots=True, kw_only=True)
class Context:
    """One failing place: `line` is where `frame`'s line stands in the file now; `is_raising` whether the frame raised it."""

    project: Project
    failure: Failure
    raised: Raised
    frame: Frame
    module: Module
    line: int
    is_raising: bool
    thoughts: Thoughts
    refusals: list[str] = field(default_factory=list)
    surroundings: Surroundings = field(default_factory=Surroundings)

    @property
    def place(self) -> str:
        """The failing place as people write it."""
        return f"{self.module.rel}:{self.line}"

    def at(self, frame: Frame) -> Context | None:
        """Return the same failure at another of its frames, or None where that is not a readable line of the project."""
        found = locate(self.project, frame)
        if found is None:
            return None
        module, line = found
        return replace(self, frame=frame, module=module, line=line, is_raising=raises(self.raised, frame))

    def outer(self) -> Context | None:
        """Return the same failure at the closest frame further out that is a readable line of the project; None where there is none."""
        frames = self.raised.frames
        place = next((number for number, frame in enumerate(frames) if frame is self.frame), 0)
        return next((found for frame in reversed(frames[:place]) if (found := self.at(frame)) is not None), None)

    def refuse(self, reason: str) -> None:
        """Note why a rule that applies proposes nothing."""
        if reason not in self.refusals:
            self.refusals.append(reason)

    def view(self, node: ast.expr) -> ValueView | None:
        """Return what is known of a plain name's value in the failing frame."""
        return self.frame.locals.get(node.id) if isinstance(node, ast.Name) else None

    def nodes(self, wanted: Callable[[ast.AST], bool]) -> list[ast.expr | ast.stmt]:
        """Return the nodes at the failing place for which `wanted` holds, the best match first.

        With the interpreter's columns (3.11 and later) those that share the reported span; without, all on the line.
        """
        found = [
            node
            for node in self.module.around(self.line)
            if isinstance(node, ast.expr | ast.stmt) and node.lineno <= self.line <= (node.end_lineno or node.lineno) and wanted(node)
        ]
        found = [node for node in found if self._is_placed(node)]
        if self.frame.column < 0 or self.frame.end_column < 0 or len(found) < 2:
            return found
        shift = self.line - self.frame.line
        end_line = (self.frame.end_line if self.frame.end_line > 0 else self.frame.line) + shift
        if end_line > len(self.module.lines):
            return found
        start = self.module.line_start(self.line) + self.frame.column
        end = self.module.line_start(end_line) + self.frame.end_column
        spans = [(node, *self.module.span(node)) for node in found]
        exact = [node for node, first, last in spans if (first, last) == (start, end)]
        ending = [node for node, first, last in spans if last == end and first <= start]
        inside = [node for node, first, last in spans if start <= first and last <= end]
        return exact or ending or inside or found

    def _is_placed(self, node: ast.expr | ast.stmt) -> bool:
        """Say whether a node's position is that of its text; inside f-strings, interpreters before 3.12 may be off."""
        if not any(isinstance(item, ast.JoinedStr) for item in self.module.ancestors(node)):
            return True
        try:
            return ast.dump(ast.parse(self.module.segment(node).strip(), mode="eval").body) == ast.dump(node)
        except (SyntaxError, ValueError):
            return False

    def function(self, node: ast.AST) -> FunctionNode | None:
        """Return the function around a node of the failing module."""
        return self.module.function(node)

    def propose(
        self,
        *,
        rule: str,
        title: str,
        rationale: str,
        edits: Iterable[tuple[Module, Edit]],
        prior: float,
        cautions: Sequence[str] = (),
        nature: Nature = "origin",
        guesses: bool = False,
        alternatives: Sequence[str] = (),
        unchecked: Sequence[str] = (),
    ) -> Proposal | None:
        """Make a proposal of some edits, or None (with a thought that says why) where they are not clean."""
        by_module: dict[Module, list[Edit]] = {}
        for module, edit in edits:
            by_module.setdefault(module, []).append(edit)
        if not by_module:
            return None
        files: dict[str, tuple[bytes, bytes]] = {}
        for module, items in by_module.items():
            if is_test(module.rel):
                self.refuse(f"{module.rel} is a test, and tests are not edited.")
                return None
            try:
                files[module.rel] = (module.data, checked(module, items))
            except EditError as error:
                self.thoughts.add("found", f"dropped: {error}")
                self.refuse(f"The edit of {module.rel} was dropped: {error}.")
                return None
        self.thoughts.add("try", title)
        return Proposal(
            rule=rule,
            title=title,
            rationale=rationale,
            files=files,
            prior=round(prior, 3),
            cautions=tuple(cautions),
            nature=nature,
            guesses=guesses,
            alternatives=tuple(alternatives),
            unchecked=tuple(unchecked),
        )

    def advise(self, *, rule: str, title: str, text: str, looked: Sequence[str] = (), final: bool = True) -> Advice:
        """Say what a person should do where no change of the code is right."""
        self.thoughts.add("think", f"no patch is right here: {title}")
        return Advice(rule=rule, title=title, text=text, looked=tuple(looked), final=final)
