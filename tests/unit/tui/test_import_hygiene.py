"""The screen's process loads no heavy package before its first frame, and some never."""

from __future__ import annotations

import json
import subprocess
import sys

BEFORE_FIRST_FRAME = {
    "pydantic",
    "httpx",
    "websockets",
    "fastapi",
    "git",
    "libcst",
    "typer",
    "pygments",
    "sqlite3",
    "uvicorn",
    "litellm",
    "chromadb",
    "tomlkit",
}
NEVER = {"libcst", "git", "fastapi", "pydantic", "uvicorn", "litellm", "chromadb"}


def loaded(code: str) -> set[str]:
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


FIRST_FRAME = """
import asyncio
from nexoide.tui.app import NexoideApp
async def main():
    app = NexoideApp("kim", lambda: None)
    app._connect = lambda: None
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert "Nothing has failed." in app.export_screenshot().replace("&#160;", " ")
asyncio.run(main())
"""


def test_the_first_frame_stands_without_heavy_packages() -> None:
    assert loaded(FIRST_FRAME) & (BEFORE_FIRST_FRAME - {"pygments"}) == set()


def test_importing_the_app_loads_no_heavy_package() -> None:
    assert loaded("import nexoide.tui.app") & BEFORE_FIRST_FRAME == set()


def test_the_entry_imports_nothing_of_textual_before_the_terminal_is_prepared() -> None:
    assert "textual" not in loaded("import nexoide.tui.run")


def test_the_screen_with_its_client_and_every_screen_never_loads_some_packages() -> None:
    screens = ", ".join(f"nexoide.tui.screens.{name}" for name in ("page", "incident", "choose", "patch"))
    code = f"import nexoide.tui.app, {screens}, nexoide.tui.pin, nexoide.client.commands, nexoide.client.stream"
    assert loaded(code) & NEVER == set()


def test_the_vocabulary_is_loaded_after_the_first_frame() -> None:
    script = FIRST_FRAME + "\nassert 'nexoide.model.event' not in sys.modules"
    assert loaded(script)
