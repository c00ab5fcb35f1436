"""heal: run what fails, and print what would repair it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nexoide.cli.options import JsonOption, WorkspaceOption
from nexoide.errors import NexoideError, UsageError

if TYPE_CHECKING:
    from nexoide.config import ModelSettings
    from nexoide.heal.request import HealRequest
    from nexoide.heal.result import Healed

EXIT_CODES = {"fixed": 0, "nothing_to_fix": 0, "not_fixed": 1, "no_patch": 1, "error": 1}
INTERRUPTED = 130
MAX_SECONDS, MAX_PATCHES, MAX_JOBS = 3600.0, 8, 16


def heal(
    command: Annotated[str, typer.Option("--command", "-c", metavar="COMMAND", help="What fails, as you type it: 'python app.py'.")] = "",
    path: Annotated[Path, typer.Option("--path", "-p", metavar="DIR", help="The folder it is run in; default: here.")] = Path(),
    file: Annotated[str, typer.Option("--file", metavar="FILE", help="The file to repair, where the output does not show it.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Write the best patch into the folder.")] = False,
    patch: Annotated[str, typer.Option("--patch", metavar="ID", help="With --apply: write this one, as H-2.")] = "",
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="How long each run may take.")] = 60.0,
    max_patches: Annotated[int, typer.Option("--max-patches", metavar="N", help="How many proposals are tried.")] = 5,
    without_test: Annotated[bool, typer.Option("--without-test", help="Leave the test that shows the failure out of the patch.")] = False,
    no_test: Annotated[bool, typer.Option("--no-test", help="Do not run the project's own tests.")] = False,
    tests: Annotated[str, typer.Option("--tests", metavar="COMMAND", help="The project's tests, as 'pytest -q'; default: found out.")] = "",
    env: Annotated[list[str] | None, typer.Option("--env", metavar="NAME=VALUE", help="A variable for the command; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", help="How many runs go on at once.")] = 2,
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="A language model to ask where the rules are not sure, as ollama/qwen3.")] = "",
    model_base: Annotated[str, typer.Option("--model-base", metavar="URL", help="With --model: its server, as http://127.0.0.1:8080/v1.")] = "",
    incident: Annotated[str, typer.Option("--incident", metavar="ID", help="Of the running supervisor, as I-1: what was found for it.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find patches for what fails: 'nexoide heal --command "python app.py" --path shop' runs it on copies and prints what would repair it, best first.

    Nothing in the folder changes without --apply. The command runs confined: no network but its own, no files but its own.
    """
    try:
        if incident:
            raise typer.Exit(_of_incident(incident, workspace, alone=not (command or apply), as_json=as_json))
        if patch and not apply:
            raise UsageError("--patch names the patch that --apply writes: give both, or neither.")
        _bounded(timeout, max_patches, jobs)
        request = _request(command, path, file)
        request = _with(
            request,
            timeout=timeout,
            max_patches=max_patches,
            tests=tests,
            run_tests=not no_test,
            add_test=not without_test,
            jobs=jobs,
            env=_variables(env or []),
            model=_model(model, model_base),
        )
        healed = _run(request)
    except NexoideError as error:
        if not as_json:
            raise
        raise typer.Exit(_error(error)) from None
    except KeyboardInterrupt:
        if not as_json:
            raise
        raise typer.Exit(_nothing_yet()) from None
    raise typer.Exit(_tell(healed, path, named=patch, apply=apply, as_json=as_json))


def _of_incident(incident: str, workspace: Path | None, *, alone: bool, as_json: bool) -> int:
    from nexoide.cli.heal_incident import heal_incident

    if not alone:
        raise UsageError("--incident tells what the supervisor found: leave --command and --apply away, and decide with 'nexoide patches approve'.")
    return heal_incident(incident, workspace, as_json=as_json)


def _request(command: str, path: Path, file: str) -> HealRequest:
    from nexoide.heal.request import HealRequest

    if not path.is_dir():
        raise UsageError(f"{path} is not a folder: --path names the folder that the command is run in.")
    if file:
        wanted = (path / file).resolve()
        if not wanted.is_file() or not wanted.is_relative_to(path.resolve()):
            raise UsageError(f"{file} is no file of {path}: --file names one of its files, as 'shop/prices.py'.")
        file = wanted.relative_to(path.resolve()).as_posix()
    if not command.strip():
        if not file:
            raise UsageError("There is no command to run: give --command 'python app.py', or whatever fails.")
        command = f"python {file}"
    return HealRequest(root=path, command=command, file=file)


def _with(request: HealRequest, **changes: Any) -> HealRequest:
    from dataclasses import replace

    return replace(request, **changes)


def _bounded(timeout: float, patches: int, jobs: int) -> None:
    if not 0 < timeout <= MAX_SECONDS:
        raise UsageError(f"--timeout {timeout:g} makes no sense: give more than 0 and at most {MAX_SECONDS:g} seconds.")
    if not 1 <= patches <= MAX_PATCHES:
        raise UsageError(f"--max-patches {patches} makes no sense: give 1 to {MAX_PATCHES}.")
    if not 1 <= jobs <= MAX_JOBS:
        raise UsageError(f"--jobs {jobs} makes no sense: give 1 to {MAX_JOBS}.")


def _variables(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in given:
        name, sign, value = item.partition("=")
        if not sign or not name.isidentifier() or "\0" in value:
            raise UsageError(f"--env {name[:40]!r} is not NAME=VALUE: write it as --env MODE=test.")
        found[name] = value
    return found


def _model(name: str, base: str) -> ModelSettings | None:
    """Return the model that the options or the environment name, None where neither does."""
    import os

    if not (name or base or any(key.startswith(("NEXOIDE_MODEL__", "NEXOIDE_SET_MODEL__")) for key in os.environ)):
        return None
    from nexoide.llm.settings import model_settings

    found = model_settings(os.environ, name=name, api_base=base)
    if base and not found.name:
        raise UsageError("--model-base says where a model is, and no model is named: give --model NAME as well.")
    return found if found.name and found.enabled else None


def _run(request: HealRequest) -> Healed:
    """Heal; a first Ctrl-C, and a request to end, stop early with what was found by then."""
    import asyncio
    import signal

    from nexoide.heal.session import heal as healed_by

    async def run() -> Healed:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()

        def stop() -> None:
            loop.add_signal_handler(signal.SIGTERM, int)  # one is enough: a second one would cut the tidying up short
            task.cancel()

        loop.add_signal_handler(signal.SIGTERM, stop)
        return await healed_by(request)

    return asyncio.run(run())


def _tell(healed: Healed, path: Path, *, named: str, apply: bool, as_json: bool) -> int:
    """Print the result, write what is to be written, and return the exit code."""
    from nexoide.cli.output import emit_json
    from nexoide.heal.document import document

    written, refused, code = _written(healed, path, named) if apply and not healed.interrupted else ((), "", 0)
    if as_json:
        told = document(healed)
        if apply:
            told |= {"written": list(written), "refused": refused}
        emit_json(told)
    else:
        from nexoide.cli.heal_page import page
        from nexoide.cli.output import emit, emit_sentence

        page(healed)
        if written:
            emit(f"Written: {', '.join(written)}.")
        if refused:
            emit_sentence(f"nexoide: {refused}")
    if healed.interrupted:
        return INTERRUPTED
    return code or EXIT_CODES[healed.status]


def _written(healed: Healed, path: Path, named: str) -> tuple[tuple[str, ...], str, int]:
    """Write a patch; return the files, or why none were written and the exit code of that."""
    from nexoide.heal.applying import apply, chosen

    if not healed.patches and not named:
        return (), "", 0  # what came out says it already
    try:
        return apply(path, chosen(healed, named)), "", 0
    except NexoideError as error:
        return (), error.sentence, error.exit_code


def _nothing_yet() -> int:
    """Tell scripts of a Ctrl-C before anything was run, or of a second one."""
    from nexoide.cli.output import emit_json

    emit_json({"status": "error", "error": "Stopped.", "exit_code": INTERRUPTED, "interrupted": True, "patches": []})
    return INTERRUPTED


def _error(error: NexoideError) -> int:
    from nexoide.cli.output import clean, emit_json, emit_sentence

    emit_json({"status": "error", "error": error.sentence, "kind": type(error).__name__, "exit_code": error.exit_code, "patches": []})
    emit_sentence(f"nexoide: {clean(error.sentence)}")
    return error.exit_code
