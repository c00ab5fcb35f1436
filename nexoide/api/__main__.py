"""The supervisor's process: `python -m nexoide.api ROOT [--config FILE]`; started by `nexoide up`, ended by `nexoide down`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from pathlib import Path

from nexoide.api.app import create_app
from nexoide.api.ingest import IngestApp
from nexoide.api.ingest_serve import serve_ingest
from nexoide.api.serve import bind, serve
from nexoide.clock import SystemClock
from nexoide.config import load
from nexoide.errors import NexoideError
from nexoide.journal.journal import Journal
from nexoide.journal.lock import WorkspaceLock
from nexoide.supervisor.app import Supervisor
from nexoide.supervisor.priority import prefer
from nexoide.workspace import Workspace


def main(argv: list[str] | None = None) -> int:
    """Run the supervisor of one workspace until it is told to end; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m nexoide.api", description=__doc__)
    parser.add_argument("root", type=Path, help="the workspace's folder")
    parser.add_argument("--config", type=Path, help="settings instead of ROOT/nexoide.toml")
    arguments = parser.parse_args(argv)
    try:
        return asyncio.run(_run(Workspace(arguments.root.resolve()), arguments.config))
    except NexoideError as error:
        sys.stderr.write(f"nexoide: {error.sentence}\n")
        return error.exit_code


async def _run(workspace: Workspace, config: Path | None) -> int:
    settings = load(config or workspace.config)
    workspace.make_folders()
    with WorkspaceLock(workspace.lock):
        journal = await asyncio.to_thread(Journal.open, workspace.journal, clock=SystemClock())
        supervisor = Supervisor(workspace, settings, journal)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, supervisor.request_stop, signal.Signals(number).name)
        listening = bind(workspace.socket)
        servers: list[asyncio.Task[None]] = []
        try:
            await supervisor.open()
            prefer()
            gc.freeze()  # what start-up made lives as long as the process: no collection need look at it again
            servers.append(asyncio.create_task(serve(create_app(supervisor), listening, supervisor.stop_requested)))
            if supervisor.ingest.socket is not None:
                servers.append(asyncio.create_task(serve_ingest(IngestApp(supervisor.ingest), supervisor.ingest.socket, supervisor.stop_requested)))
            await supervisor.stop_requested.wait()
        finally:
            supervisor.stop_requested.set()
            await asyncio.gather(*servers)
            await supervisor.close(leave_targets=journal.read_only)
            workspace.socket.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
