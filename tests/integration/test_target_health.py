"""A real supervisor over programs that become unwell, wait for each other, crash and print: what the control plane says of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.model.target import TargetStatus
from tests.support.supervised import Supervised, supervised, wait_for

SERVER = """
import http.server, os, pathlib
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        well = not pathlib.Path("ill").exists() or os.environ.get("CURED")
        self.send_response(200 if well else 503)
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path("port.new").write_text(str(server.server_port))
pathlib.Path("port.new").rename("port")
print("listening", flush=True)
server.serve_forever()
"""
ASK = """
import pathlib, sys, urllib.request
port = pathlib.Path("port").read_text()
try: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
except OSError as error: sys.exit(f"the shop says {error}")
"""
SETTINGS = """
[targets.web]
command = [{python!r}, "-u", "-c", "import time; print('web is up'); time.sleep(600)"]
after = ["shop"]

[targets.shop]
command = [{python!r}, "server.py"]
restart = {{ max_starts = 50 }}

[targets.shop.health]
command = [{python!r}, "ask.py"]
interval = 0.2
failures = 2
restart = {restart}

[targets.job]
command = [{python!r}, "-c", "import os, signal; print('half done'); import sys; sys.stdout.flush(); os.kill(os.getpid(), signal.SIGBUS)"]
restart = {{ policy = "never" }}
"""


@pytest.fixture
def shop(tmp_path: Path, runtime: Path, request: pytest.FixtureRequest) -> Iterator[Supervised]:
    root = tmp_path / "w"
    root.mkdir()
    (root / "server.py").write_text(SERVER)
    (root / "ask.py").write_text(ASK)
    restart = "true" if getattr(request, "param", False) else "false"
    (root / "nexoide.toml").write_text(SETTINGS.format(python=sys.executable, restart=restart))
    with supervised(root, runtime) as session:
        session.start()
        yield session


def status(shop: Supervised, name: str) -> TargetStatus:
    return next(found for found in shop.control.status().targets if found.name == name)


def test_health_is_said_counted_and_said_again_when_it_is_well(shop: Supervised):
    wait_for(lambda: status(shop, "shop").health == "well", "it is well")
    wait_for(lambda: status(shop, "web").state in {"running", "attached"}, "what waited for it runs")
    (shop.root / "ill").touch()
    unwell = wait_for(lambda: (found := status(shop, "shop")).health == "unwell" and found, "it is unwell")
    assert "the shop says HTTP Error 503" in unwell.health_note
    assert unwell.restarts == 0
    listed = subprocess.run([sys.executable, "-m", "nexoide.cli", "targets", "list"], cwd=shop.root, capture_output=True, text=True, check=True).stdout
    assert "the shop says HTTP Error 503" in listed, "an operator is told why"
    told = wait_for(lambda: [i for i in shop.control.status().incidents if "unwell" in i.message], "it is in the feed")
    assert (len(told), told[0].target) == (1, "shop")
    (shop.root / "ill").unlink()
    well = wait_for(lambda: (found := status(shop, "shop")).health == "well" and found, "it is well again")
    assert well.health_note.startswith("well again after")
    assert next(i for i in shop.control.status().incidents if "unwell" in i.message).count == 1


@pytest.mark.parametrize("shop", [True], indirect=True)
def test_what_is_unwell_is_started_again_where_that_is_wanted(shop: Supervised):
    first = wait_for(lambda: (found := status(shop, "shop")).health == "well" and found, "it is well")
    (shop.root / "ill").touch()
    wait_for(lambda: (found := status(shop, "shop")).restarts > 0 and found, "it was started again")
    (shop.root / "ill").unlink()
    second = wait_for(lambda: (found := status(shop, "shop")).health == "well" and found, "it is well again")
    assert second.pid != first.pid


def test_a_crash_without_a_traceback_is_an_incident(shop: Supervised):
    found = wait_for(lambda: [i for i in shop.control.status().incidents if i.target == "job"], "the crash is in the feed")
    assert len(found) == 1
    assert "SIGBUS" in found[0].message
    detail = shop.control.target_detail("job")
    assert detail.lines == ("half done",)
    assert (detail.processes, detail.memory_bytes, detail.status.state) == (0, 0, "exited")
    running = wait_for(lambda: (found := shop.control.target_detail("shop")).processes == 1 and found, "it runs")
    assert running.memory_bytes > 1 << 20
    assert running.uptime_seconds > 0
