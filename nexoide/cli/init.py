"""init: write a commented nexoide.toml for the repository one stands in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption
from nexoide.errors import RefusedError, RepositoryError, UsageError
from nexoide.workspace import CONFIG_NAME

NO_GIT = "{root} is not in a git repository: run 'git init' there, or supervise one program as it is with 'nexoide run -- COMMAND'."
NO_COMMITS = "The repository has no commits yet: patches can be committed only after the first one ('git add -A && git commit')."


def init(
    print_: Annotated[bool, typer.Option("--print", help="Print it instead of writing it.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a nexoide.toml that is there.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a commented nexoide.toml for this git repository, with what was found here filled in."""
    from nexoide.cli.output import emit, emit_json, emit_sentence
    from nexoide.cli.settings_file import settings_text
    from nexoide.cli.suggest import suggest

    root = (workspace or Path.cwd()).resolve()
    if not root.is_dir():
        raise UsageError(f"{root} is not a folder: --workspace names the folder that is to be supervised.")
    suggestion = suggest(root)
    text = settings_text(root.name, suggestion)
    if print_:
        sys.stdout.write(text)
        return
    notes = check_repository(root)
    path = root / CONFIG_NAME
    write(path, text, force=force)
    if suggestion is None:
        notes.append(f"Nothing that looks like a program was found: fill in a target in {path}.")
    if as_json:
        emit_json({"path": str(path), "targets": [suggestion.name] if suggestion else [], "notes": notes})
        return
    emit(f"Wrote {path}" + (f" with the target {suggestion.name}: {suggestion.command}" if suggestion else "") + ".")
    emit("Look at it, commit it, then: nexoide up")
    for note in notes:
        emit_sentence(f"nexoide: {note}")


def check_repository(root: Path) -> list[str]:
    """Return what the operator should know of the repository; raises RepositoryError where nexoide can do nothing with it."""
    from nexoide.vcs.repository import Repository
    from nexoide.vcs.state import refusal

    repository = Repository.open(root)
    if repository is None:
        raise RepositoryError(NO_GIT.format(root=root))
    state = repository.state()
    if state.bare or state.problem:
        raise RepositoryError(refusal(state))
    if state.unborn:
        return [NO_COMMITS]
    now = refusal(state)
    return [now] if now else []


def write(path: Path, text: str, *, force: bool) -> None:
    """Write a new file, never through a link; raises RefusedError where there is one and `force` is not given."""
    if force and path.is_file() and not path.is_symlink():
        path.unlink()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise RefusedError(f"{path} is there already: edit it, or write over it with --force.") from None
    except OSError as error:
        raise RefusedError(f"{path} cannot be written ({error.strerror}): mend the folder's permissions.") from error
