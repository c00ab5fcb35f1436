"""Runs reload scenarios, each in a fresh child of this process, and prints one line of JSON for each.

    python reload_driver.py ENGINE CORPUS [NAME …]

Standard library only, CPython 3.9 and later, because it is started on every interpreter and in the peers' environments.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from reload_engines import ENGINES
from reload_run import Failed, Refused, Run
from reload_scenarios import Scenario, scenarios

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def result(scenario: Scenario, engine: str, folder: str) -> dict[str, Any]:
    """Run one scenario in this process and return its row."""
    why = scenario.missing()
    if not why and scenario.keys.get("only", "nexoide") != "nexoide":
        why = "for another engine"
    if not why and "only" in scenario.keys and not engine.startswith("nexoide"):
        why = "of ours alone"
    if why:
        return {"verdict": "skipped", "reason": why}
    run = Run(scenario, ENGINES[engine](), folder)
    sys.path.insert(0, folder)
    os.chdir(folder)
    verdict, reason = "pass", ""
    try:
        run.run()
    except Refused as error:
        verdict, reason = "refused", str(error)
    except Failed as error:
        verdict, reason = "fail", str(error)
    except BaseException as error:
        verdict, reason = "fail", f"{type(error).__name__}: {error} at {traceback.format_exc()[-700:]}"
    if verdict == "pass" and run.expected_refusal and all(step.expect == "refused" for step in scenario.steps):
        verdict = "refused-as-expected"
    return {"verdict": verdict, "reason": reason, "ms": [round(outcome.ms, 3) for outcome in run.outcomes]}


def in_child(scenario: Scenario, engine: str) -> dict[str, Any]:
    """Run one scenario in a child of this process, with its time limit."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="nx-scenario-"))
    reading, writing = os.pipe()
    begun = time.monotonic()
    pid = os.fork()
    if not pid:
        os.close(reading)
        os.setsid()
        with tempfile.TemporaryFile() as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        try:
            row = result(scenario, engine, folder)
        except BaseException as error:
            row = {"verdict": "fail", "reason": f"driver: {error!r}"}
        with os.fdopen(writing, "w") as stream:
            stream.write(json.dumps(row))
        os._exit(0)
    os.close(writing)
    data, end = b"", begun + scenario.limit_s
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, end - time.monotonic()))
        more = os.read(reading, 65536) if ready else b""
        if not more:
            break
        data += more
    os.close(reading)
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    _, status = os.waitpid(pid, 0)
    shutil.rmtree(folder, ignore_errors=True)
    took = time.monotonic() - begun
    reason = f"no end after {scenario.limit_s:.0f} s" if took >= scenario.limit_s else f"the program died ({status})"
    row = json.loads(data) if data else {"verdict": "fail", "reason": reason}
    return {"name": scenario.name, "group": scenario.group, "engine": engine, "seconds": round(took, 3), **row}


def main(words: list[str]) -> None:
    """Run the named scenarios, all where none is named."""
    engine, corpus, *names = words
    ENGINES[engine]().preload()
    version = "{}.{}".format(*sys.version_info[:2])
    for scenario in scenarios(Path(corpus)):
        if not names or scenario.name in names or scenario.group in names:
            print(json.dumps({"python": version, **in_child(scenario, engine)}), flush=True)


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).resolve().parent))
    main(sys.argv[1:])
