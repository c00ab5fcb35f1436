"""Real frameworks under a real supervisor: each planted failure is one incident with its exact count, over all workers, with its route."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nexoide.model.incident import Incident
from tests.support.supervised import Supervised, supervised, wait_for

HITS = 8
QUIET_SECONDS = 1.5
"""How long after the last failure nothing more may be counted: longer than any source holds one back."""

FASTAPI = """
import logging
import fastapi
app = fastapi.FastAPI()
log = logging.getLogger("shop")
{middleware}

def price(order):
    return order["price"] * 2

@app.get("/orders/{{number}}")
def order(number: int):
    return price({{"number": number}})

@app.post("/orders/{{number}}/pay")
async def pay(number: int):
    raise ValueError(f"order {{number}} is paid")

@app.get("/logged")
async def logged():
    try:
        [][1]
    except IndexError:
        log.exception("nothing there")
    return "fine"

@app.get("/ready")
async def ready():
    return "yes"
"""
FASTAPI_MIDDLEWARE = "from nexoide.middleware import HealingMiddleware\napp.add_middleware(HealingMiddleware)"

FLASK = """
import logging, sys
import flask
app = flask.Flask(__name__)
log = logging.getLogger("shop")
{middleware}

def price(order):
    return order["price"] * 2

@app.get("/orders/<int:number>")
def order(number):
    return str(price({{"number": number}}))

@app.post("/orders/<int:number>/pay")
def pay(number):
    raise ValueError(f"order {{number}} is paid")

@app.get("/logged")
def logged():
    try:
        [][1]
    except IndexError:
        log.exception("nothing there")
    return "fine"

@app.get("/ready")
def ready():
    return "yes"

if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), threaded=True)
"""
WSGI_MIDDLEWARE = "from nexoide.middleware import HealingWsgiMiddleware\napp.wsgi_app = HealingWsgiMiddleware(app.wsgi_app)"

DJANGO = """
import logging, sys
from django.conf import settings
settings.configure(ROOT_URLCONF="app", DEBUG=False, ALLOWED_HOSTS=["*"], SECRET_KEY="x" * 40, MIDDLEWARE=[], WSGI_APPLICATION="app.application")
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
log = logging.getLogger("shop")

def price(order):
    return order["price"] * 2

def order(request, number):
    return HttpResponse(str(price({{"number": number}})))

def pay(request, number):
    raise ValueError(f"order {{number}} is paid")

def logged(request):
    try:
        [][1]
    except IndexError:
        log.exception("nothing there")
    return HttpResponse("fine")

urlpatterns = [
    path("orders/<int:number>", order), path("orders/<int:number>/pay", pay), path("logged", logged), path("ready", lambda request: HttpResponse("yes")),
]
application = app = get_wsgi_application()
{middleware}

if __name__ == "__main__":
    sys.modules["app"] = sys.modules["__main__"]
    from django.core.management import execute_from_command_line
    execute_from_command_line(["app", "runserver", "--noreload", "--skip-checks", sys.argv[1]])
"""
DJANGO_MIDDLEWARE = "from nexoide.middleware import HealingWsgiMiddleware\napplication = app = HealingWsgiMiddleware(app)"

GUNICORN = ["-m", "gunicorn", "app:app", "--workers", "4", "--bind", "127.0.0.1:{port}"]
SERVERS = {
    "fastapi-uvicorn": (FASTAPI, FASTAPI_MIDDLEWARE, ["-m", "uvicorn", "app:app", "--port", "{port}"]),
    "fastapi-uvicorn-4": (FASTAPI, FASTAPI_MIDDLEWARE, ["-m", "uvicorn", "app:app", "--port", "{port}", "--workers", "4"]),
    "flask-werkzeug": (FLASK, WSGI_MIDDLEWARE, ["app.py", "{port}"]),
    "flask-gunicorn-4": (FLASK, WSGI_MIDDLEWARE, GUNICORN),
    "flask-gunicorn-threads": (FLASK, WSGI_MIDDLEWARE, [*GUNICORN, "--threads", "4"]),
    "django-runserver": (DJANGO, DJANGO_MIDDLEWARE, ["app.py", "{port}"]),
    "django-gunicorn-4": (DJANGO, DJANGO_MIDDLEWARE, GUNICORN),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def request(port: int, method: str, path: str) -> int:
    """Send one request over a connection of its own and return the status, 0 where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except ConnectionError:
        return 0
    finally:
        connection.close()


def incidents(session: Supervised, total: int) -> dict[str, Incident]:
    """Wait until so many failures are counted, see that no more come, and return the incidents by the type of their error."""

    def counted() -> int:
        return sum(incident.count for incident in session.control.status().incidents)

    wait_for(lambda: counted() >= total, f"{total} failures are counted ({counted()} are)", 30)
    time.sleep(QUIET_SECONDS)
    found = session.control.status().incidents
    assert sum(incident.count for incident in found) == total, [(one.error_class, one.message, one.count, one.sources) for one in found]
    assert len({incident.error_class for incident in found}) == len(found), [(one.error_class, one.message, one.function) for one in found]
    return {incident.error_class: incident for incident in found}


@pytest.mark.parametrize("healed", [False, True], ids=["bare", "middleware"])
@pytest.mark.parametrize("server", SERVERS)
def test_a_web_application(tmp_path: Path, runtime: Path, server: str, healed: bool) -> None:
    text, middleware, words = SERVERS[server]
    root, port = tmp_path / "shop", free_port()
    root.mkdir()
    (root / "app.py").write_text(text.format(middleware=middleware if healed else ""))
    command = [sys.executable, *(word.format(port=port) for word in words)]
    (root / "nexoide.toml").write_text(f"[targets.web]\ncommand = {json.dumps(command)}\n")
    with supervised(root, runtime) as session:
        session.start()
        wait_for(lambda: request(port, "GET", "/ready") == 200, "the server answers", 30)
        for number in range(HITS):
            assert request(port, "GET", f"/orders/{number}") == 500
            assert request(port, "POST", f"/orders/{number}/pay") == 500
            assert request(port, "GET", "/logged") == 200
        found = incidents(session, 3 * HITS)

    assert {name: (incident.count, incident.function, incident.file) for name, incident in found.items()} == {
        "KeyError": (HITS, "price", "app.py"),
        "ValueError": (HITS, "pay", "app.py"),
        "IndexError": (HITS, "logged", "app.py"),
    }
    if healed:
        assert {name: incident.sample.route for name, incident in found.items()} == {
            "KeyError": "GET /orders/{number}",
            "ValueError": "POST /orders/{number}/pay",
            "IndexError": "GET /logged",
        }


CELERY = """
import logging
import celery
app = celery.Celery("app")
folder = {folder!r}
app.conf.update(
    broker_url="filesystem://", result_backend="file://" + folder, broker_connection_retry_on_startup=True,
    broker_transport_options={{"data_folder_in": folder, "data_folder_out": folder, "control_folder": folder}},
)

def price(order):
    return order["price"] * 2

@app.task
def charge(number):
    return price({{"number": number}})

@app.task
def ship(number):
    raise ValueError(f"order {{number}} is shipped")
"""


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
def test_a_celery_worker(tmp_path: Path, runtime: Path, pool: str) -> None:
    root, folder = tmp_path / "shop", tmp_path / "queue"
    root.mkdir()
    folder.mkdir()
    (root / "tasks.py").write_text(CELERY.format(folder=str(folder)))
    command = [sys.executable, "-m", "celery", "-A", "tasks", "worker", "--pool", pool, "--concurrency", "2", "--without-gossip", "--without-mingle"]
    (root / "nexoide.toml").write_text(f"[targets.worker]\ncommand = {json.dumps(command)}\n")
    client = f"import tasks\nfor n in range({HITS}): tasks.charge.delay(n); tasks.ship.delay(n)\n"
    with supervised(root, runtime) as session:
        session.start()
        subprocess.run([sys.executable, "-c", client], cwd=root, check=True, timeout=60)
        found = incidents(session, 2 * HITS)

    assert {name: (incident.count, incident.function, incident.file) for name, incident in found.items()} == {
        "KeyError": (HITS, "price", "tasks.py"),
        "ValueError": (HITS, "ship", "tasks.py"),
    }
