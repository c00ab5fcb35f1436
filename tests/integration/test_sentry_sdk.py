"""Programs that use the real sentry-sdk, given the supervisor's DSN: what they report is in the feed, once, in the right group."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nexoide.model.commands import SourceStatus, StatusAnswer
from nexoide.model.incident import Incident
from tests.support.supervised import Supervised, supervised, wait_for

START = """
import sentry_sdk
sentry_sdk.init(dsn={dsn!r}, traces_sample_rate=1.0, release="shop@1.2", environment="staging", server_name="box-7", {options})
"""


@pytest.fixture
def workspace(tmp_path: Path, runtime: Path) -> Iterator[Supervised]:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "nexoide.toml").write_text(f'[targets.web]\ncommand = ["{sys.executable}", "-c", "import time; time.sleep(100)"]\n')
    with supervised(root, runtime) as session:
        session.start()
        yield session


def run(workspace: Supervised, body: str, options: str = "", project: int = 1, code: int = 0) -> None:
    """Run a program in the workspace's folder to its end."""
    dsn = workspace.control.status().sentry_dsn.removesuffix("/1") + f"/{project}"
    (workspace.root / "program.py").write_text(START.format(dsn=dsn, options=options) + body)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NEXOIDE_")}
    done = subprocess.run([sys.executable, "program.py"], cwd=workspace.root, env=environment, timeout=60, capture_output=True, text=True)
    assert done.returncode == code, done.stderr


def incidents(workspace: Supervised, number: int) -> list[Incident]:
    """Wait until there are as many incidents, and return them by type."""

    def look() -> list[Incident] | None:
        found = workspace.control.status().incidents
        return sorted(found, key=lambda one: one.error_class) if len(found) >= number else None

    found = wait_for(look, f"{number} incidents")
    assert len(found) == number, [one.error_class for one in found]
    return found


def source(status: StatusAnswer, kind: str) -> SourceStatus:
    return next(found for found in status.sources if found.kind == kind)


ORDERS = """
def total(order):
    secret_token = "ghp_" + "a" * 30
    return order["lines"][0] / order["count"]

def checkout(order):
    return total(order)
"""


def test_an_uncaught_exception_of_a_plain_script(workspace: Supervised) -> None:
    run(workspace, ORDERS + 'checkout({"lines": [1], "count": 0})\n', code=1)
    (one,) = incidents(workspace, 1)
    assert (one.error_class, one.message, one.function, one.file) == ("ZeroDivisionError", "division by zero", "total", "program.py")
    failure = one.sample
    assert (failure.source, failure.target, failure.host, failure.release, failure.language) == ("sentry", "sentry", "box-7", "shop@1.2", "python")
    assert failure.origin.startswith("sentry.python")
    (raised,) = failure.exceptions
    assert [frame.function for frame in raised.frames] == ["<module>", "checkout", "total"]
    assert raised.frames[-1].source.strip() == 'return order["lines"][0] / order["count"]'
    assert raised.frames[-1].file == str((workspace.root / "program.py").resolve())
    assert raised.frames[-1].locals["order"].type == "dict"
    assert "aaaaaaaa" not in str(failure)
    assert source(workspace.control.status(), "sentry").failures == 1


@pytest.mark.parametrize(
    ("options", "name"),
    [("_experiments={'transport_compression_algo': 'gzip'}", "gzip"), ("_experiments={'transport_compression_algo': 'br'}", "br"), ("", "default")],
)
def test_every_compression_is_read(workspace: Supervised, options: str, name: str) -> None:
    run(
        workspace,
        f"""
try:
    raise KeyError({name!r})
except KeyError:
    sentry_sdk.capture_exception()
""",
        options,
    )
    (one,) = incidents(workspace, 1)
    assert (one.error_class, name in one.message) == ("KeyError", True)


def test_chains_and_groups_keep_their_shape(workspace: Supervised) -> None:
    run(
        workspace,
        """
def low():
    raise LookupError("low")

try:
    try:
        low()
    except LookupError as error:
        raise RuntimeError("high") from error
except RuntimeError:
    sentry_sdk.capture_exception()
try:
    try:
        low()
    except LookupError:
        raise TypeError("other")
except TypeError:
    sentry_sdk.capture_exception()
try:
    raise ExceptionGroup("both", [ValueError("one"), OSError("two")])
except ExceptionGroup:
    sentry_sdk.capture_exception()
""",
    )
    group, cause, context = (found.sample.exceptions for found in incidents(workspace, 3))
    assert [(one.type, one.relation) for one in group] == [("ExceptionGroup", "raised"), ("ValueError", "member"), ("OSError", "member")]
    assert [(one.type, one.relation) for one in cause] == [("RuntimeError", "raised"), ("LookupError", "cause")]
    assert [(one.type, one.relation) for one in context] == [("TypeError", "raised"), ("LookupError", "context")]
    assert cause[1].frames[-1].function == "low"


def test_logging_threads_and_tasks(workspace: Supervised) -> None:
    run(
        workspace,
        """
import asyncio, logging, threading
log = logging.getLogger("shop.orders")
log.info("just so")
log.warning("be careful")
log.error("order %s was lost", 17)
try:
    {}["missing"]
except KeyError:
    log.exception("order %s failed", 18)

def work():
    raise ValueError("in a thread")

thread = threading.Thread(target=work, name="worker-3")
thread.start()
thread.join()

async def main():
    async def fail():
        raise IndexError("in a task")
    task = asyncio.create_task(fail())
    await asyncio.gather(task, return_exceptions=True)
    sentry_sdk.capture_exception(task.exception())

asyncio.run(main())
""",
    )
    found = {one.error_class: one.sample for one in incidents(workspace, 4)}
    assert set(found) == {"KeyError", "ValueError", "IndexError", "shop.orders"}
    assert found["shop.orders"].log_message == "order 17 was lost"
    assert (found["KeyError"].logger, found["KeyError"].log_message) == ("shop.orders", "order 18 failed")
    assert found["ValueError"].exceptions[0].frames[-1].function == "work"


def test_many_are_counted_exactly_and_are_one_incident(workspace: Supervised) -> None:
    run(
        workspace,
        """
def fail(number):
    raise ValueError(f"order {number} cannot be")

for number in range(60):
    try:
        fail(number)
    except ValueError:
        sentry_sdk.capture_exception()
sentry_sdk.flush(30)
""",
    )
    wait_for(lambda: sum(one.count for one in workspace.control.status().incidents) >= 60, "all are counted")
    (one,) = incidents(workspace, 1)
    assert one.count == 60


def test_a_project_of_a_target_names_it_and_others_are_refused(workspace: Supervised) -> None:
    run(workspace, "sentry_sdk.capture_message('it broke', level='error')\n", project=2)
    (one,) = incidents(workspace, 1)
    assert (one.target, one.sample.log_message) == ("web", "it broke")
    run(workspace, "sentry_sdk.capture_message('it broke again', level='error')\n", project=3)
    wait_for(lambda: any("refused" in name for name in source_counts(workspace)), "it is counted")
    assert len(workspace.control.status().incidents) == 1


def source_counts(workspace: Supervised) -> dict[str, int]:
    return {name: count for found in workspace.control.status().sources for name, count in found.counts.items()}


def test_transactions_sessions_breadcrumbs_and_messages_are_counted(workspace: Supervised) -> None:
    run(
        workspace,
        """
sentry_sdk.add_breadcrumb(message="before")
sentry_sdk.capture_message("only so", level="info")
with sentry_sdk.start_transaction(op="task", name="nightly"):
    pass
sentry_sdk.get_isolation_scope().start_session()
sentry_sdk.get_isolation_scope().end_session()
""",
    )
    counts = wait_for(lambda: counted if "sessions" in (counted := source_counts(workspace)) else None, "sessions")
    assert counts["transactions"] == 1
    assert counts["messages below error"] == 1
    assert counts["breadcrumbs"] >= 1
    assert workspace.control.status().incidents == ()


FLASK = """
import flask
app = flask.Flask(__name__)

@app.route("/orders/<int:order>", methods=["POST", "GET"])
def show(order):
    if order == 7:
        return {}["lines"]
    return "fine"

client = app.test_client()
for number in (1, 2, 7):
    client.post(f"/orders/{number}")
"""


@pytest.mark.parametrize(
    ("options", "route"),
    [
        ("", "POST /orders/{n}"),
        ("integrations=[__import__('sentry_sdk.integrations.flask').integrations.flask.FlaskIntegration(transaction_style='url')]", "POST /orders/{order}"),
    ],
    ids=["endpoint", "url"],
)
def test_flask_routes_come_with_their_failures_and_latencies(workspace: Supervised, options: str, route: str) -> None:
    run(workspace, FLASK, options)
    (one,) = incidents(workspace, 1)
    assert (one.error_class, one.function, one.file, one.routes) == ("KeyError", "show", "program.py", {route: 1})
    events = wait_for(lambda: [event for event in workspace.control.journal() if event.kind == "routes.measured"], "routes")
    measured = [found for event in events for found in event.body.routes]  # type: ignore[union-attr]
    assert {found.route for found in measured} == {route}
    assert (sum(found.count for found in measured), sum(found.errors for found in measured)) == (3, 1)


PROBED = """
import logging, time
import sentry_sdk
sentry_sdk.init(dsn={dsn!r})
log = logging.getLogger("shop")

def total(order):
    return order["price"]

for number in range(5):
    try:
        total({{"id": number}})
    except KeyError:
        log.exception("order %s failed", number)
    time.sleep(0.3)
sentry_sdk.flush(10)
time.sleep(100)
"""


def test_what_the_probe_and_the_sdk_both_saw_counts_once(tmp_path: Path, runtime: Path) -> None:
    root, key = tmp_path / "shop", "0123456789abcdef" * 2
    (root / ".nexoide").mkdir(parents=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (root / ".nexoide" / "ingest.json").write_text(json.dumps({"port": port, "key": key}))
    (root / "web.py").write_text(PROBED.format(dsn=f"http://{key}@127.0.0.1:{port}/2"))
    (root / "nexoide.toml").write_text(f'[targets.web]\ncommand = ["{sys.executable}", "web.py"]\n')
    with supervised(root, runtime) as session:
        session.start()
        wait_for(lambda: any(one.kind == "sentry" and one.failures == 5 for one in session.control.status().sources), "the SDK has sent all")
        wait_for(lambda: sum(one.count for one in session.control.status().incidents) >= 5, "all are counted")
        (one,) = session.control.status().incidents
        assert (one.error_class, one.function, one.file, one.count) == ("KeyError", "total", "web.py", 5)


FASTAPI = """
import asyncio
from fastapi import FastAPI
import httpx
app = FastAPI()

@app.get("/users/{user}")
async def show(user: int):
    return {"name": None.upper()}

async def main():
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as client:
        assert (await client.get("/users/5")).status_code == 500

asyncio.run(main())
"""


def test_fastapi_routes_come_with_their_failures(workspace: Supervised) -> None:
    run(workspace, FASTAPI)
    (one,) = incidents(workspace, 1)
    assert (one.error_class, one.function, list(one.routes)) == ("AttributeError", "show", ["GET /users/{user}"])


def test_the_address_stays_over_a_restart_and_is_for_our_eyes_only(workspace: Supervised) -> None:
    first = workspace.control.status().sentry_dsn
    kept = workspace.workspace.state / "ingest.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    workspace.stop()
    workspace.start()
    assert workspace.control.status().sentry_dsn == first
