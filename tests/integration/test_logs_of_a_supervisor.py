"""A real supervisor reads what its targets log and print; kill -9 of it loses nothing and repeats nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.supervisor.log_sources import PLACES_NAME
from tests.support.supervised import Supervised, supervised, wait_for
from tests.unit.cli.test_monitor import TRACEBACK, traced

PROGRAM = "while true; do if [ -f go ]; then cat printed; rm go; fi; sleep 0.02; done"
SETTINGS = """
[targets.shop]
command = ["sh", "-c", "{}"]
logs = ["logs/*.log"]
"""


@pytest.fixture
def shop(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    root = tmp_path / "shop"
    (root / "logs").mkdir(parents=True)
    (root / "nexoide.toml").write_text(SETTINGS.format(PROGRAM))
    traced(root / "logs" / "app.log", "old")
    (root / "printed").write_text(TRACEBACK.format(file="/srv/app/printing.py", value="printed"))
    with supervised(root, runtime) as session:
        yield session


def counts(shop: Supervised) -> dict[str, int]:
    """How often each file failed."""
    return {incident.sample.exceptions[0].frames[-1].file.rpartition("/")[2]: incident.count for incident in shop.control.status().incidents}


def kept(shop: Supervised) -> bool:
    """Whether the places of all logs are kept as far as they are written."""
    store = shop.root / ".nexoide" / PLACES_NAME
    stored = json.loads(store.read_text())["sources"] if store.exists() else {}
    places = {place["path"]: place["offset"] for source in stored.values() for place in source}
    files = [shop.root / "logs" / "app.log", shop.root / ".nexoide" / "logs" / "target-shop.log"]
    return all(places.get(path.name) == path.stat().st_size for path in files)


def test_log_files_and_output_over_a_kill(shop: Supervised):
    shop.start()
    log, go = shop.root / "logs" / "app.log", shop.root / "go"
    traced(log, 1, 2)
    go.touch()
    wait_for(lambda: counts(shop) == {"prices.py": 2, "printing.py": 1}, "what was logged and printed")
    wait_for(lambda: kept(shop), "places that are kept")
    shop.kill()
    traced(log, 3)
    shutil.move(log, log.with_name("app.log.1"))
    traced(log, 4, 5)
    go.touch()
    wait_for(lambda: not go.exists(), "the program prints while nobody supervises it")
    shop.start()
    wait_for(lambda: counts(shop) == {"prices.py": 5, "printing.py": 2}, "what was written meanwhile")
    traced(log, 6)
    go.touch()
    wait_for(lambda: counts(shop) == {"prices.py": 6, "printing.py": 3}, "what comes now")
    sources = {source.kind: source for source in shop.control.status().sources if source.kind in {"log", "output"}}
    assert (sources["log"].target, sources["log"].name, sources["log"].failures) == ("shop", "logs/*.log", 4)
    assert (sources["output"].failures, sources["output"].counts["files"]) == (2, 1)
