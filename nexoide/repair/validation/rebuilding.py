"""The failing calls as expressions, rebuilt from the values that were captured along the frames."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from nexoide.model.failure import Failure, Frame, ValueView
from nexoide.repair.code.project import Project
from nexoide.repair.code.source import FUNCTIONS, FunctionNode, Module, UnreadableError
from nexoide.repair.validation.literals import Source, source_of
from nexoide.repair.validation.places import Place, importable, runs_when_imported
from nexoide.repair.validation.sameness import own_frames, relative

MAX_CALLS = 3
_MAX_SOURCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that can be made again: what it needs imported, the parts of its expression, and where it was seen.

    `target` is what is called (`total`, `Cart(tax=2).total`), `arguments` each with its name where it is given by name.
    `attribute`: a property, which is read and not called.
    """

    file: str
    function: str
    line: int
    folder: str
    imports: tuple[tuple[str, str], ...]
    target: str
    arguments: tuple[tuple[str, str], ...] = ()
    attribute: bool = False
    is_async: bool = False

    @property
    def expression(self) -> str:
        """The call as it was made."""
        return self.with_arguments(tuple(text for _, text in self.arguments))

    def with_arguments(self, texts: tuple[str, ...]) -> str:
        """The call with other arguments, in the same places."""
        if self.attribute:
            return self.target
        given = [f"{name}={text}" if name and not name.startswith("*") else f"{name}{text}" for (name, _), text in zip(self.arguments, texts, strict=True)]
        return f"{self.target}({', '.join(given)})"


def rebuilt(failure: Failure, root: Path) -> tuple[tuple[Call, ...], str]:
    """Return the calls of a failure's frames that can be made again, the innermost first, and why there is none."""
    project = Project(root)
    found: list[Call] = []
    why = "no frame of the project's own files was captured"
    for frame in reversed(own_frames(failure, project.root)):
        made = _call(frame, project)
        if isinstance(made, Call):
            found.append(made)
        elif not found:
            why = made
        if len(found) == MAX_CALLS:
            break
    return tuple(dict.fromkeys(found)), "" if found else why


def _call(frame: Frame, project: Project) -> Call | str:
    rel = relative(frame.file, project.root)
    name = frame.function.rpartition(".")[2]
    if rel is None or name.startswith("<"):
        return "the failure arose outside of any function"
    try:
        module = project.module(rel)
        node = _function(module, name, frame.line)
        place = importable(project, rel, module=frame.module)
        if node is None or place is None:
            return f"{name} could not be found in {rel}"
        if frame.module in ("__main__", "") and runs_when_imported(project, rel):
            return f"importing {rel} would run the program"
    except UnreadableError as error:
        return f"{rel} {error}"
    return _Rebuilding(frame, project, module, place, node).call(rel)


def _function(module: Module, name: str, line: int) -> FunctionNode | None:
    """Return the innermost function of this name around a line."""
    found = [node for node in module.nodes if isinstance(node, FUNCTIONS) and node.name == name and node.lineno <= line <= (node.end_lineno or 0)]
    return max(found, key=lambda node: node.lineno, default=None)


class _Rebuilding:
    """One frame's call being put together."""

    def __init__(self, frame: Frame, project: Project, module: Module, place: Place, node: FunctionNode) -> None:
        self._frame, self._project, self._module, self._place, self._node = frame, project, module, place, node
        self._imports: set[tuple[str, str]] = set()

    def call(self, rel: str) -> Call | str:
        """Return the call, or why it cannot be made."""
        node = self._node
        owner = self._module.parents.get(node)
        if not isinstance(owner, ast.Module) and not (isinstance(owner, ast.ClassDef) and isinstance(self._module.parents.get(owner), ast.Module)):
            return f"{node.name} is defined inside another function"
        decorators = {item.id for item in node.decorator_list if isinstance(item, ast.Name)}
        words = [*node.args.posonlyargs, *node.args.args]
        target = node.name
        if isinstance(owner, ast.ClassDef) and node.name in ("__init__", "__post_init__", "__new__"):
            if node.name != "__init__":
                return f"{node.name} is called by the class itself"
            words, target = words[1:], owner.name
        elif isinstance(owner, ast.ClassDef):
            bound = self._bound(owner, words, decorators)
            if not bound:
                return f"the object that {node.name} belongs to cannot be built from what was captured"
            words = words if "staticmethod" in decorators else words[1:]
            target = f"{bound}.{node.name}"
        self._imports.add((self._place.module, owner.name if isinstance(owner, ast.ClassDef) else node.name))
        arguments = self._arguments(words)
        if isinstance(arguments, str):
            return arguments
        made = Call(
            file=rel,
            function=node.name,
            line=self._frame.line,
            folder=self._place.folder,
            imports=tuple(sorted(self._imports)),
            target=target,
            arguments=tuple(arguments),
            attribute=bool(decorators & {"property", "cached_property"}),
            is_async=isinstance(node, ast.AsyncFunctionDef),
        )
        return made if len(made.expression) <= _MAX_SOURCE else "its arguments are too long to be written down"

    def _bound(self, owner: ast.ClassDef, words: list[ast.arg], decorators: set[str]) -> str:
        """Return an expression for what the method is bound to; '' where there is none."""
        if decorators & {"staticmethod", "classmethod"}:
            return owner.name
        view = self._frame.locals.get(words[0].arg) if words else None
        if view is None or self._is_bound_anew(words[0].arg):
            return ""
        made = self._source(view)
        if made is not None:
            return made
        # nothing is known of its state: an object as the class makes it by itself, if the failure then shows again
        return f"{owner.name}()" if view.type.rpartition(".")[2] == owner.name and _needs_nothing(owner) else ""

    def _arguments(self, words: list[ast.arg]) -> list[tuple[str, str]] | str:
        found: list[tuple[str, str]] = []
        spec = self._node.args
        defaults = dict(
            zip([word.arg for word in [*spec.posonlyargs, *spec.args]][-len(spec.defaults) :] if spec.defaults else [], spec.defaults, strict=False)
        )
        by_name = False
        for word in words:
            text = self._argument(word.arg)
            if text is None:
                return self._missing(word.arg)
            if _is_default(defaults.get(word.arg), text) and word not in spec.posonlyargs:
                by_name = spec.vararg is None
                continue
            found.append((word.arg if by_name else "", text))
        for star, rest in (("*", spec.vararg), ("**", spec.kwarg)):
            text = self._argument(rest.arg) if rest is not None else None
            if rest is not None and text is None:
                return self._missing(rest.arg)
            if text is not None and text not in ("()", "{}"):
                found.append((star, text))
        for word, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            text = self._argument(word.arg)
            if text is None:
                return self._missing(word.arg)
            if not _is_default(default, text):
                found.insert(len(found) - (1 if found and found[-1][0] == "**" else 0), (word.arg, text))
        return found

    def _argument(self, name: str) -> str | None:
        view = self._frame.locals.get(name)
        return self._source(view) if view is not None and not self._is_bound_anew(name) else None

    def _missing(self, name: str) -> str:
        if self._is_bound_anew(name):
            return f"{self._node.name} gives its argument {name} another value, so what it was called with is not known"
        view = self._frame.locals.get(name)
        what = f"a {view.type}, of which too little was captured" if view is not None else "not captured"
        return f"the argument {name} of {self._node.name} is {what}"

    def _is_bound_anew(self, name: str) -> bool:
        return any(isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Store | ast.Del) for item in ast.walk(self._node))

    def _source(self, view: ValueView) -> str | None:
        made: Source | None = source_of(view, self._project)
        if made is None:
            return None
        self._imports.update(made.imports)
        return made.text


def _is_default(default: ast.expr | None, text: str) -> bool:
    if default is None:
        return False
    try:
        return bool(ast.literal_eval(default) == ast.literal_eval(text)) and ast.unparse(default) == ast.unparse(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False


def _needs_nothing(owner: ast.ClassDef) -> bool:
    """Say whether a class of the project can surely be called without arguments."""
    if owner.bases and not all(isinstance(base, ast.Name) and base.id == "object" for base in owner.bases):
        return False
    for item in owner.body:
        if isinstance(item, FUNCTIONS) and item.name == "__init__":
            spec = item.args
            return len(spec.posonlyargs) + len(spec.args) - len(spec.defaults) <= 1 and all(default is not None for default in spec.kw_defaults)
    return not owner.decorator_list
