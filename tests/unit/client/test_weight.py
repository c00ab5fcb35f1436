"""What importing the client costs."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["Client", "Control"])
def test_the_client_alone_imports_nothing_heavy(name: str):
    heavy = ["httpx", "websockets", "fastapi", "pydantic", "git", "libcst", "textual", "uvicorn"] + (["http.client"] if name == "Client" else [])
    code = f"import sys; from nexoide.client import {name}; print([m for m in {heavy!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
