"""heal: run what fails, and print what would repair it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nexoide.cli.options import JsonOption
from nexoide.errors import UsageError

EXIT_CODES = {"fixed": 0, "nothing_to_fix": 0, "not_fixed": 1, "no_patch": 1, "error": 1}
INTERRUPTED = 130


def heal(
    command: Annotated[str, typer.Option("--command", metavar="COMMAND", help="What fails, as you type it: 'python app.py'.")] = "",
    path: Annotated[Path, typer.Option("--path", metavar="DIR", help="The folder it is run in.")] = Path(),
    file: Annotated[str, typer.Option("--file", metavar="FILE", help="The file to repair, where the output does not show it.")] = "",
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="How long each run may take.")] = 60.0,
    max_patches: Annotated[int, typer.Option("--max-patches", metavar="N", help="How many proposals are tried.")] = 4,
    no_test: Annotated[bool, typer.Option("--no-test", help="Do not run the project's own tests.")] = False,
    tests: Annotated[str, typer.Option("--tests", metavar="COMMAND", help="The project's tests, as 'pytest -q'; default: found out.")] = "",
    env: Annotated[list[str] | None, typer.Option("--env", metavar="NAME=VALUE", help="A variable for the command; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", help="How many runs go on at once.")] = 2,
    as_json: JsonOption = False,
) -> None:
    """Run a command that fails, on copies of its folder; print patches that were tried, best first. Nothing in the folder changes without --apply."""
    import asyncio

    from nexoide.cli.output import emit_json
    from nexoide.heal.document import document
    from nexoide.heal.request import HealRequest
    from nexoide.heal.session import heal as healed_by

    if not command and file:
        command = f"python {file}"
    if not command:
        raise UsageError("There is no command to run: give --command 'python app.py', or whatever fails.")
    request = HealRequest(
        root=path,
        command=command,
        env=_variables(env or []),
        timeout=timeout,
        max_patches=max_patches,
        tests=tests,
        run_tests=not no_test,
        jobs=jobs,
        file=file,
    )
    healed = asyncio.run(healed_by(request))
    if as_json:
        emit_json(document(healed))
    else:
        from nexoide.cli.heal_page import page

        page(healed)
    raise typer.Exit(INTERRUPTED if healed.interrupted else EXIT_CODES[healed.status])


def _variables(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in given:
        name, sign, value = item.partition("=")
        if not sign or not name.replace("_", "a").isidentifier() or "\0" in value:
            raise UsageError(f"--env {item.partition('=')[0]!r} is not NAME=VALUE: write it as --env MODE=test.")
        found[name] = value
    return found
