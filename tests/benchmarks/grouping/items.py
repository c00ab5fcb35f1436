"""What was captured of the corpus: every bug by several interpreters, hosts and sources, with the group that is known of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nexoide.incidents.logs import LogReader
from nexoide.incidents.probe_source import failure_from
from nexoide.incidents.sentry import event as sentry_event
from nexoide.model.failure import Failure

from . import programs

DRIVER = Path(__file__).with_name("driver.py")
PROBE = Path(__file__).resolve().parents[3] / "nexoide"
OTHER_HOST = "/srv/www/releases/20260102-1530/service"
AT_ONCE = 2
UNUSED = ("urllib3", "certifi")


@dataclass(frozen=True)
class Item:
    """One capture: `group` is what is known, `how` who captured it where."""

    group: str
    variant: str
    python: str
    host: str
    source: str
    failure: Failure

    @property
    def how(self) -> str:
        """Return interpreter, host and source in one word."""
        return f"{self.python}/{self.host}/{self.source}"


def interpreters() -> dict[str, str]:
    """Return the interpreters that are here, 3.9 to 3.14, by version."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}": sys.executable}
    for path in sorted((Path.home() / ".pyenv" / "versions").glob("3.*/bin/python")):
        version = ".".join(path.parts[-3].split(".")[:2])
        if 9 <= int(version.split(".")[1]) <= 14:
            found.setdefault(version, str(path))
    return dict(sorted(found.items(), key=lambda pair: int(pair[0].split(".")[1])))


def captured(folder: Path, versions: dict[str, str], *, repeats: int = 2, only: frozenset[str] = frozenset()) -> tuple[Path, list[Item]]:
    """Run the corpus below `folder`; return the workspace (a folder with the programs as they are) and what was captured."""
    folder = folder.resolve()
    root, other = folder / "workspace", folder / "other"
    sentry = _sentry(folder)
    newest = max(int(version.split(".")[1]) for version in versions)
    list(programs.written(root, newest, only=only))
    jobs = []
    for version, python in versions.items():
        minor = int(version.split(".")[1])
        for host, place in (("here", root), ("there", other)):
            named = list(programs.written(place, minor, moved=host == "there", only=only))
            jobs.append((version, host, place, [python, "-B", str(DRIVER), str(PROBE), sentry, str(repeats), *map(str, named)]))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outs = pool.map(lambda job: _output(job[3], job[2]), jobs)
        items = [item for job, out in zip(jobs, outs, strict=True) for item in _items(out.replace(str(other), OTHER_HOST), job[0], job[1])]
    return root, items


def _output(words: list[str], place: Path) -> str:
    ended = subprocess.run(words, cwd=place, env=_environment(place), capture_output=True, text=True, timeout=120, check=False)
    if ended.returncode:
        raise RuntimeError(f"{words[0]} ended with {ended.returncode}: {ended.stdout[-300:]} {ended.stderr[-1000:]}")
    return ended.stdout


def _environment(root: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "NEXOIDE", "SENTRY"))}
    return {**kept, "NEXOIDE_PROBE_ROOT": str(root), "NEXOIDE_PROBE_TARGET": "corpus", "PYTHONHASHSEED": "0"}


def _sentry(folder: Path) -> str:
    """Return a folder with sentry-sdk alone, for interpreters other than this one; "-" where it is not installed.

    Nothing is sent, so what its transport is made of (which not every one of these interpreters can run) is empty.
    """
    spec = find_spec("sentry_sdk")
    if spec is None or spec.origin is None:
        return "-"
    place = folder / "sentry"
    place.mkdir()
    (place / "sentry_sdk").symlink_to(Path(spec.origin).parent)
    for name in UNUSED:
        (place / f"{name}.py").write_text("def __getattr__(name):\n    raise AttributeError(name)\n")
    return str(place)


def _items(out: str, version: str, host: str) -> Iterator[Item]:
    program = ""
    for line in out.splitlines():
        told: dict[str, Any] = json.loads(line)
        if "problem" in told:
            raise RuntimeError(f"{version}: {told['problem']}")
        if "program" in told:
            program = Path(told["program"]).name
            continue
        for source in ("probe", "printed", "sentry"):
            failure = _failure(source, told[source])
            if failure is not None:
                yield Item(f"{program}.{told['group']}", told["variant"], version, host, source, failure)


def _failure(source: str, told: Any) -> Failure | None:
    if source == "probe":
        return failure_from({"failure": told}, "corpus")
    if source == "sentry":
        return None if told is None else sentry_event.failure({"platform": "python", **told}, target="corpus", now=0.0)
    reader = LogReader(origin="corpus.log")
    found = [*reader.feed(told.encode("utf-8", "surrogateescape"), 0.0), *reader.close(0.0)]
    if len(found) != 1:
        raise RuntimeError(f"The reader found {len(found)} failures in one traceback: {told[-600:]}")
    return replace(found[0], target="corpus")
