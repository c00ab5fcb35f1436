from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, apply, fail, run
from tests.unit.repair.solving import advised, silent, solved

RULE = "retry-policy"

CASES = [
    Case(
        "own429",
        {
            "server.py": """
                class Reply:
                    def __init__(self, status, body='', headers=None):
                        self.status = status
                        self.body = body
                        self.headers = headers or {}
                class Server:
                    def __init__(self, fails, status=503):
                        self.n = 0
                        self.fails = fails
                        self.status = status
                    def handle(self, method, path):
                        self.n += 1
                        if self.n <= self.fails:
                            return Reply(self.status, headers={'Retry-After': '0.1'})
                        return Reply(200, 'ok ' + path)
            """,
            "client.py": """
                class RateLimitError(Exception):
                    def __init__(self, retry_after):
                        super().__init__('429 Too Many Requests')
                        self.retry_after = retry_after
                class Client:
                    def __init__(self, server):
                        self.server = server
                    def get(self, path):
                        reply = self.server.handle('GET', path)
                        if reply.status == 429:
                            raise RateLimitError(float(reply.headers['Retry-After']))
                        return reply.body
            """,
            "main.py": """
                from client import Client
                from server import Server
                def load(client, ids):
                    return [client.get(f'/items/{i}') for i in ids]
                print(load(Client(Server(2, 429)), [1, 2]))
            """,
        },
        "['ok /items/1', 'ok /items/2']\n",
    ),
    Case(
        "timeout",
        {
            "net.py": """
                n = 0
                def read_socket(host):
                    global n
                    n += 1
                    if n < 3:
                        raise TimeoutError('timed out')
                    return host
            """,
            "main.py": """
                import net

                def fetch_profile(host):
                    return net.read_socket(host)

                if __name__ == '__main__':
                    print(fetch_profile('h'))
            """,
        },
        "h\n",
    ),
    Case(
        "existing",
        {
            "retry.py": """
                import time, functools
                def retry(attempts=3):
                    def deco(fn):
                        @functools.wraps(fn)
                        def inner(*a, **k):
                            for i in range(attempts):
                                try:
                                    return fn(*a, **k)
                                except (TimeoutError, ConnectionError):
                                    if i == attempts - 1:
                                        raise
                                    time.sleep(0.01)
                        return inner
                    return deco
            """,
            "net.py": """
                n = 0
                def read_socket(host):
                    global n
                    n += 1
                    if n < 3:
                        raise TimeoutError('timed out')
                    return host
            """,
            "api.py": """
                import net
                from retry import retry

                @retry(attempts=4)
                def fetch_user(h):
                    return h


                def fetch_order(h):
                    return net.read_socket(h)
            """,
            "main.py": """
                from api import fetch_user, fetch_order
                print(fetch_user('u'), fetch_order('o'))
            """,
        },
        "u o\n",
    ),
    Case(
        "httpd",
        {
            "main.py": """
                import threading, urllib.request
                from http.server import BaseHTTPRequestHandler, HTTPServer
                hits = []
                class H(BaseHTTPRequestHandler):
                    def do_GET(self):
                        hits.append(1)
                        if len(hits) < 3:
                            self.send_response(429); self.send_header('Retry-After', '0'); self.end_headers()
                        else:
                            self.send_response(200); self.end_headers(); self.wfile.write(b'fine')
                    def log_message(self, *a): pass
                srv = HTTPServer(('127.0.0.1', 0), H)
                threading.Thread(target=srv.serve_forever, daemon=True).start()
                def download(url):
                    with urllib.request.urlopen(url, timeout=5) as r:
                        return r.read().decode()
                print(download(f'http://127.0.0.1:{srv.server_port}/'))
            """,
        },
        "fine\n",
    ),
    Case(
        "tiny",
        {
            "conf.py": """
                CONNECT_TIMEOUT = 5
                READ_TIMEOUT = 0.001
            """,
            "main.py": """
                import socket, threading, time
                import conf
                srv = socket.create_server(('127.0.0.1', 0))
                def serve():
                    while True:
                        c, _ = srv.accept()
                        time.sleep(0.2)
                        c.sendall(b'hi')
                        c.close()
                threading.Thread(target=serve, daemon=True).start()
                def read():
                    s = socket.create_connection(srv.getsockname(), timeout=conf.CONNECT_TIMEOUT)
                    s.settimeout(conf.READ_TIMEOUT)
                    return s.recv(10)
                print(read().decode())
            """,
        },
        "hi\n",
    ),
    Case(
        "asyncget",
        {
            "main.py": """
                import asyncio
                n = 0
                async def fetch(p):
                    global n
                    n += 1
                    if n < 2:
                        raise ConnectionResetError(104, 'Connection reset by peer')
                    return p
                async def main():
                    data = await fetch('x')
                    print(data)
                asyncio.run(main())
            """,
        },
        "x\n",
    ),
    Case(
        "status",
        {
            "server.py": """
                class Reply:
                    def __init__(self, status, body='', headers=None):
                        self.status = status
                        self.body = body
                        self.headers = headers or {}
                class Server:
                    def __init__(self, fails, status=503):
                        self.n = 0
                        self.fails = fails
                        self.status = status
                    def handle(self, method, path):
                        self.n += 1
                        if self.n <= self.fails:
                            return Reply(self.status, headers={'Retry-After': '0.1'})
                        return Reply(200, 'ok ' + path)
            """,
            "errors.py": """
                class ApiError(Exception):
                    def __init__(self, status, message):
                        super().__init__(f'{status}: {message}')
                        self.status = status
            """,
            "client.py": """
                from errors import ApiError
                def check(reply):
                    if reply.status >= 400:
                        raise ApiError(reply.status, 'service unavailable')
                    return reply.body
                def fetch(server, path):
                    reply = server.handle('GET', path)
                    return check(reply)
            """,
            "main.py": """
                from client import fetch
                from server import Server
                print(fetch(Server(2), '/a'))
            """,
        },
        "ok /a\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, tmp_path):
    solved(tmp_path, case, RULE)


TWICE = """
    n = 0

    def send(method, path):
        global n
        n += 1
        if n < 3:
            raise TimeoutError("timed out")
        return path
"""


@pytest.mark.parametrize("line", ["net.send('POST', '/orders')", "net.send('PATCH', '/orders/1')"])
def test_a_call_that_changes_something_is_never_repeated(line, tmp_path):
    files = {"net.py": TWICE, "main.py": f"import net\n\n\ndef create_order():\n    return {line}\n\n\nprint(create_order())\n"}
    advice = advised(tmp_path, files, RULE, final=True)
    assert "nobody knows whether it did" in advice.text


@pytest.mark.parametrize("name", ["charge_card", "send_invoice", "transfer", "place_order"])
def test_a_payment_is_known_by_its_name(name, tmp_path):
    files = {"main.py": f"def {name}(amount):\n    raise ConnectionResetError(104, 'Connection reset by peer')\n\n\n{name}(5)\n"}
    advised(tmp_path, files, RULE, final=True)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_methods_that_may_be_repeated(method, tmp_path):
    files = {"net.py": TWICE, "main.py": f"import net\n\n\ndef go():\n    return net.send('{method}', '/x')\n\n\nprint(go())\n"}
    best = solved(tmp_path, Case("method", files, "/x\n"), RULE)
    assert best.nature == "policy"
    assert best.guesses


def test_a_loop_that_repeats_already_is_not_repeated_again(tmp_path):
    files = {
        "main.py": """
            import time

            def get(path):
                raise TimeoutError("timed out")

            def fetch(path):
                for attempt in range(3):
                    try:
                        return get(path)
                    except TimeoutError:
                        if attempt == 2:
                            raise
                        time.sleep(0)

            fetch("/x")
        """
    }
    assert "repeated already" in advised(tmp_path, files, RULE, final=True).title


def test_a_request_with_a_body_is_a_post(tmp_path):
    files = {
        "main.py": """
            import threading
            import urllib.request
            from http.server import BaseHTTPRequestHandler, HTTPServer

            class Handler(BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    self.send_response(503)
                    self.end_headers()

                def log_message(self, *args):
                    pass

            server = HTTPServer(("127.0.0.1", 0), Handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()

            def fetch(url):
                return urllib.request.urlopen(url, b"x=1", timeout=5).read()

            fetch(f"http://127.0.0.1:{server.server_port}/")
        """
    }
    advised(tmp_path, files, RULE, final=True)


def test_a_tenacity_project_gets_tenacity(tmp_path):
    files = {
        "tenacity.py": """
            def _made(*args, **kwargs):
                return args

            stop_after_attempt = stop_after_delay = type("S", (), {"__init__": lambda self, n: None, "__or__": lambda self, other: self})
            retry_if_exception_type = wait_random_exponential = _made

            def retry(**options):
                def around(function):
                    def inner(*args, **kwargs):
                        while True:
                            try:
                                return function(*args, **kwargs)
                            except TimeoutError:
                                continue
                    return inner
                return around
        """,
        "stats.py": "import tenacity\n\nWAIT = tenacity.wait_random_exponential\n",
        "net.py": TWICE,
        "main.py": "import net\nimport stats\n\n\ndef fetch_total():\n    return net.send('GET', '/total')\n\n\nprint(fetch_total(), bool(stats.WAIT))\n",
    }
    best = solved(tmp_path, Case("tenacity", files, "/total True\n"), RULE)
    text = best.files["main.py"][1].decode()
    assert "stop_after_attempt(5) | stop_after_delay(30)" in text
    assert "reraise=True" in text


def test_what_does_not_pass_by_itself_is_left_alone(tmp_path):
    files = {"main.py": "def fetch(path):\n    raise ValueError('429 is not a colour')\n\n\nfetch('/x')\n"}
    silent(tmp_path, files, RULE)


def test_the_helper_ends_follows_retry_after_and_raises_the_last_failure(tmp_path):
    files = {
        "main.py": """
            class RateLimitError(Exception):
                def __init__(self, retry_after):
                    super().__init__("429 Too Many Requests")
                    self.retry_after = retry_after

            calls = []

            def answer(path):
                calls.append(path)
                raise RateLimitError(7)

            def fetch(path):
                return answer(path)

            if __name__ == "__main__":
                fetch("/x")
        """
    }
    failure = fail(tmp_path, files)
    best = next(item for item in diagnose(tmp_path, failure).proposals if item.rule == RULE)
    apply(tmp_path, best)
    slept = []
    code = (tmp_path / "main.py").read_text()
    space: dict[str, object] = {"__name__": "app"}
    exec(compile(code, "main.py", "exec"), space)
    clock = [0.0]

    def sleep(seconds):
        slept.append(seconds)
        clock[0] += seconds

    space["time"] = type("Clock", (), {"sleep": staticmethod(sleep), "monotonic": staticmethod(lambda: clock[0])})
    with pytest.raises(space["RateLimitError"]):
        space["fetch"]("/x")
    assert len(space["calls"]) == 5
    assert all(seconds >= 7 for seconds in slept)
    assert sum(slept) <= 30


def test_a_limit_that_a_slow_answer_misses(tmp_path):
    case = Case(
        "a-third-of-a-second",
        {
            "jobs.py": """
                import asyncio

                STEP_TIMEOUT = 0.1

                async def step(name):
                    await asyncio.sleep(0.3)
                    return name.upper()

                async def run_all(names):
                    return [await asyncio.wait_for(step(name), timeout=STEP_TIMEOUT) for name in names]
            """,
            "main.py": """
                import asyncio
                from jobs import run_all

                print(asyncio.run(run_all(["a"])))
            """,
        },
        "['A']\n",
        "STEP_TIMEOUT = 10",
    )
    failure = fail(tmp_path, case.files)
    found = [item for item in diagnose(tmp_path, failure).proposals if item.rule == RULE]
    longer = next(item for item in found if item.title.startswith("wait up to"))
    assert longer.guesses
    assert longer.prior < 0.6
    apply(tmp_path, longer)
    assert run(tmp_path)[0] == case.prints


def test_a_limit_whose_failure_is_said_in_other_words(tmp_path):
    case = Case(
        "raised-in-except",
        {
            "settings.py": "QUEUE_TIMEOUT = 0.01\n",
            "main.py": """
                import queue
                import threading
                import time
                import settings

                def run():
                    jobs = queue.Queue()
                    threading.Thread(target=lambda: (time.sleep(0.2), jobs.put("job")), daemon=True).start()
                    try:
                        return jobs.get(timeout=settings.QUEUE_TIMEOUT)
                    except queue.Empty:
                        raise TimeoutError("no job in time") from None

                print(run())
            """,
        },
        "job\n",
        "QUEUE_TIMEOUT = 10",
    )
    solved(tmp_path, case, RULE)
