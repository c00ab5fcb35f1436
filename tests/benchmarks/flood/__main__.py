"""A flood of failures from 20 processes through probes, log files, sentry-sdk and POSTs: what is lost, how late it is, what it costs.

Run with: python -m tests.benchmarks flood [--seconds 60] [--rate 10000]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nexoide.client.stream import follow
from nexoide.model import event as e
from tests.benchmarks.flood import programs
from tests.support.supervised import Supervised, supervised, wait_for

PROBED, LOGGED, SENT, POSTED = 12, 5, 2, 1
SENTRY_RATE = 50


def main() -> None:
    """Run the flood once and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=10_000, help="failures per second over all processes")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="flood"))
    try:
        with supervised(folder / "workspace", folder / "run") as session:
            run(session, folder / "workspace", arguments.seconds, arguments.rate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(session: Supervised, root: Path, seconds: float, rate: int) -> None:
    """Start the supervisor and the producers, follow the stream, and compare with what the producers wrote down."""
    (root / "logs").mkdir(parents=True)
    each = (rate - SENT * SENTRY_RATE) // (PROBED + LOGGED + POSTED)
    common = {"FLOOD_SECONDS": str(seconds), "FLOOD_RATE": str(each), "FLOOD_FOLDER": str(root)}
    settings = []
    for number in range(PROBED):
        (root / f"probed{number}.py").write_text(programs.PROBED)
        env = ", ".join(f'{key} = "{value}"' for key, value in {**common, "FLOOD_NAME": f"probed{number}"}.items())
        settings.append(f'[targets.probed{number}]\ncommand = ["{sys.executable}", "probed{number}.py"]\nenv = {{{env}}}\n')
    settings.append(f'[targets.logged]\ncommand = ["{shutil.which("sleep")}", "3600"]\nlogs = ["logs/*.log"]\n')
    (root / "nexoide.toml").write_text("\n".join(settings))
    session.start()
    wait_for(lambda: sum(target.state == "attached" for target in session.control.status().targets) == PROBED or None, "all probes attached", 60)
    status = session.control.status()
    env = {**os.environ, **common, "FLOOD_DSN": status.sentry_dsn, "FLOOD_URL": status.errors_url}
    kinds = {**{f"logged{n}": programs.LOGGED for n in range(LOGGED)}, **{f"sent{n}": programs.SENTRY for n in range(SENT)}, "posted0": programs.POSTED}
    children = []
    for name, text in kinds.items():
        (root / f"{name}.py").write_text(text)
        own = {**env, "FLOOD_NAME": name, **({"FLOOD_RATE": str(SENTRY_RATE)} if name.startswith("sent") else {})}
        children.append(subprocess.Popen([sys.executable, str(root / f"{name}.py")], env=own, cwd=root))
    expected = PROBED + len(kinds)
    time.sleep(3.0)
    assert session.process is not None
    result = asyncio.run(_watch(session, root, status.events, expected, seconds))
    for child in children:
        child.wait(60)
    _report(session, root, result, seconds)


async def _watch(session: Supervised, root: Path, after: int, expected: int, seconds: float) -> dict[str, list[float]]:
    delays: list[float] = []
    by: dict[str, list[float]] = {}
    source: dict[str, str] = {}
    memory: list[float] = []
    last: dict[str, float] = {}
    assert session.process is not None
    pid = session.process.pid

    async def listen() -> None:
        async for event in follow(session.workspace.socket, after):
            now = time.time()
            if isinstance(event.body, e.IncidentOpened):
                last[event.body.incident.id] = event.body.incident.last_at
                delays.append(now - event.body.incident.last_at)
                source[event.body.incident.id] = event.body.incident.sample.source
            elif isinstance(event.body, e.IncidentOccurred):
                begin, end = last.get(event.body.incident, event.body.at), event.body.at
                count = max(1, min(event.body.added, 20))
                late = [now - (begin + (end - begin) * (step + 1) / count) for step in range(count)]
                delays.extend(late)
                by.setdefault(source[event.body.incident], []).extend(late)
                last[event.body.incident] = end

    listener = asyncio.create_task(listen())
    await asyncio.sleep(0.5)
    began, used = time.monotonic(), _cpu(pid)
    (root / "go").touch()
    deadline = began + seconds + 120
    while len(list(root.glob("*.json"))) < expected and time.monotonic() < deadline:
        memory.append(_memory(pid))
        await asyncio.sleep(0.5)
    took = time.monotonic() - began
    cpu = _cpu(pid) - used
    await asyncio.sleep(3.0)
    listener.cancel()
    return {"delays": delays, "memory": memory, "cpu": [cpu / took], **{f"by {name}": late for name, late in by.items()}}


def _report(session: Supervised, root: Path, result: dict[str, list[float]], seconds: float) -> None:
    sent = {path.stem: json.loads(path.read_text()) for path in sorted(root.glob("*.json")) if path.stem != "nexoide"}
    told = sum(sum(counts) for counts in sent.values())
    status = session.control.status()
    seen = sum(incident.count for incident in status.incidents)
    delays = sorted(result["delays"])
    memory = result["memory"]
    early, late = statistics.median(memory[len(memory) // 6 : len(memory) // 3] or memory), statistics.median(memory[-len(memory) // 6 :] or memory)
    print(f"failures raised            {told} by {len(sent)} processes in {seconds:.0f} s ({told / seconds:.0f}/s)")
    print(f"failures counted           {seen} (lost {told - seen})")
    print(f"incidents                  {len(status.incidents)} (3 where every function is one; processes run copies of it in files of their own)")
    for incident in status.incidents:
        where = f"{', '.join(incident.sources)}, {len(incident.targets)} targets"
        print(f"    {incident.id:6} {incident.error_class:20} {incident.function:12} {incident.count:8} {where}")
    print(f"raise to feed              {_spread(delays)}")
    for name in sorted(result):
        if name.startswith("by "):
            print(f"    {name:23}{_spread(sorted(result[name]))}")
    print(f"supervisor's memory        {early:.0f} MB after a sixth, {late:.0f} MB at the end, peak {max(memory):.0f} MB")
    print(f"supervisor's CPU           {result['cpu'][0] * 100:.0f} % of a core")
    for name in sorted({name.rstrip("0123456789") for name in sent}):
        wanted = sum(sum(counts) for key, counts in sent.items() if key.rstrip("0123456789") == name)
        print(f"    {name:10} raised {wanted}")


def _spread(late: list[float]) -> str:
    return f"median {late[len(late) // 2] * 1000:.0f} ms, p99 {late[int(len(late) * 0.99)] * 1000:.0f} ms, max {late[-1] * 1000:.0f} ms"


def _memory(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
