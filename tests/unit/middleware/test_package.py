"""The middleware imports the probe and the standard library alone, is there where nexoide is not installed, and sleeps where no probe runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.unit.probe.peer import PROBE, Bench, interpreters

ROOT = str(PROBE.parents[1])
APP = """\
import sys
from nexoide.middleware import HealingMiddleware, HealingWsgiMiddleware
def app(environ, start_response):
    start_response("500 Oops", [])
    return [b"x"]
healed = HealingWsgiMiddleware(app)
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/a/7"}
answer = healed(environ, lambda status, headers: None)
ours = {name for name in sys.modules if name.split(".")[0] == "nexoide" and not name.startswith(("nexoide.probe", "nexoide.middleware"))}
print(answer, sorted(ours), "asyncio" in sys.modules)
"""


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.11", "3.12", "3.13"])
def test_it_is_there_under_the_bootstrap_alone(bench: Bench, version: str) -> None:
    python = interpreters().get(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed here")
    done = bench.run(APP, python, PYTHONNOUSERSITE="1", PYTHONSAFEPATH="1")

    assert done.stdout == "[b'x'] ['nexoide'] False\n", done.stderr
    assert bench.peer.failures()[0]["route"] == "GET /a/{id}"


def test_an_installed_nexoide_is_used_with_the_probe_that_runs(bench: Bench) -> None:
    path = f"{PROBE / 'bootstrap'}:{ROOT}"
    done = bench.run(APP + "import nexoide.probe\nprint(nexoide.probe is sys.modules['_nexoide_probe'])\n", PYTHONPATH=path)

    assert done.stdout == "[b'x'] ['nexoide'] False\nTrue\n", done.stderr
    assert bench.peer.failures()[0]["status"] == 500


def test_without_a_probe_it_only_passes_through(bench: Bench) -> None:
    path = bench.write(
        "app.py", APP + "print([name for name in sys.modules if 'link' in name and 'nexoide' in name and not name.startswith('nexoide.probe')])\n"
    )
    done = subprocess.run([sys.executable, str(path)], env={"PYTHONPATH": ROOT}, capture_output=True, text=True, check=False, timeout=20)

    assert done.stdout == "[b'x'] ['nexoide'] False\n[]\n", done.stderr
