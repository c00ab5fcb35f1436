from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import Case, apply, fail, run
from tests.unit.repair.solving import advised, silent, solved

RULE = "payload-too-large"

CASES = [
    Case(
        "limit",
        {
            "settings.py": """
                MAX_BODY = 16 * 1024
            """,
            "server.py": """
                from settings import MAX_BODY
                class HTTPError(Exception):
                    def __init__(self, status, text):
                        super().__init__(f'{status} {text}')
                        self.status = status
                def handle(body):
                    if len(body) > MAX_BODY:
                        raise HTTPError(413, 'Request Entity Too Large')
                    return len(body)
            """,
            "main.py": """
                from server import handle
                print(handle(b'x' * 20000))
            """,
        },
        "20000\n",
    ),
    Case(
        "httpd",
        {
            "main.py": """
                import threading, urllib.request
                from http.server import BaseHTTPRequestHandler, HTTPServer
                class H(BaseHTTPRequestHandler):
                    max_bytes = 1000
                    def do_POST(self):
                        n = int(self.headers['Content-Length'])
                        body = self.rfile.read(n)
                        if n > self.max_bytes:
                            self.send_response(413); self.end_headers()
                            return
                        self.send_response(200); self.end_headers(); self.wfile.write(b'%d' % len(body))
                    def log_message(self, *a): pass
                srv = HTTPServer(('127.0.0.1', 0), H)
                threading.Thread(target=srv.serve_forever, daemon=True).start()
                def upload(data):
                    with urllib.request.urlopen(f'http://127.0.0.1:{srv.server_port}/', data=data, timeout=5) as r:
                        return r.read().decode()
                print(upload(b'x' * 5000))
            """,
        },
        "5000\n",
    ),
    Case(
        "batch",
        {
            "config.py": """
                BATCH_SIZE = 100
            """,
            "remote.py": """
                class PayloadTooLarge(Exception):
                    pass
                class Remote:
                    LIMIT = 250
                    def __init__(self):
                        self.rows = []
                    def bulk(self, rows):
                        if len(rows) > self.LIMIT:
                            raise PayloadTooLarge('413 Payload Too Large')
                        self.rows += rows
                        return len(rows)
            """,
            "main.py": """
                import config
                from remote import Remote
                def sync(remote, rows):
                    sent = remote.bulk(rows)
                    return sent
                r = Remote()
                print(sync(r, list(range(1000))), len(r.rows))
            """,
        },
        "1000 1000\n",
    ),
    Case(
        "batchlimit",
        {
            "remote.py": """
                class PayloadTooLarge(Exception):
                    pass
                class FakeApi:
                    max_items = 250
                    def __init__(self):
                        self.rows = []
                    def bulk(self, rows):
                        if len(rows) > self.max_items:
                            raise PayloadTooLarge('413 Payload Too Large')
                        self.rows += rows
            """,
            "main.py": """
                from remote import FakeApi
                def sync(api, rows):
                    api.bulk(rows)
                r = FakeApi()
                sync(r, list(range(1000)))
                print(len(r.rows))
            """,
        },
        "1000\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_patched_program_runs_right(case, tmp_path):
    solved(tmp_path, case, RULE)


SHARED = """
    class Refused(Exception):
        pass

    class Drain:
        MAX_BYTES = 64

        def __init__(self):
            self.lines = []

        def take(self, body):
            if len(body) > self.MAX_BYTES:
                return 413
            self.lines += body.split("|")
            return 200
"""


def test_what_is_refused_is_sent_in_halves_in_order(tmp_path):
    case = Case(
        "halves",
        {
            "drain.py": SHARED,
            "main.py": """
                from drain import Drain, Refused

                class Shipper:
                    def __init__(self, drain):
                        self.drain = drain

                    def _send(self, lines):
                        status = self.drain.take("|".join(lines))
                        if status != 200:
                            raise Refused(f"the drain answered {status} to {len(lines)} lines")

                    def ship(self, lines):
                        for start in range(0, len(lines), 10):
                            self._send(lines[start : start + 10])

                drain = Drain()
                lines = [f"line {n} {'x' * (n % 7)}" for n in range(33)]
                Shipper(drain).ship(lines)
                print(drain.lines == lines)
            """,
        },
        "True\n",
        "_send_in_parts(lambda part: self._send(part), lines[start : start + 10])",
    )
    best = solved(tmp_path, case, RULE)
    assert not best.guesses


def test_one_item_that_is_too_large_still_fails(tmp_path):
    files = {
        "drain.py": SHARED,
        "main.py": """
            from drain import Drain, Refused

            def send(drain, lines):
                if drain.take("|".join(lines)) == 413:
                    raise Refused("413 Payload Too Large")

            def ship(drain, lines):
                send(drain, lines)

            ship(Drain(), ["x" * 100, "y"])
        """,
    }
    best = next(item for item in diagnose(tmp_path, fail(tmp_path, files)).proposals if item.rule == RULE and item.nature == "call")
    apply(tmp_path, best)
    _, again = run(tmp_path)
    assert again is not None
    assert again.exceptions[0].type == "Refused"


def test_a_batch_of_more_than_the_other_side_takes_is_lowered(tmp_path):
    case = Case(
        "batch",
        {
            "config.py": "TIMEOUT = 5\nBATCH_SIZE = 50\n",
            "warehouse.py": """
                ROWS_PER_REQUEST = 20

                class TooLarge(Exception):
                    pass

                class Warehouse:
                    def __init__(self):
                        self.rows = []

                    def post(self, rows):
                        if len(rows) > ROWS_PER_REQUEST:
                            raise TooLarge("413 Payload Too Large")
                        self.rows += rows
                        return len(rows)
            """,
            "main.py": """
                import config
                from warehouse import Warehouse

                def load(warehouse, rows):
                    accepted = 0
                    for start in range(0, len(rows), config.BATCH_SIZE):
                        answer = warehouse.post(rows[start : start + config.BATCH_SIZE])
                        accepted += answer
                    return accepted

                print(load(Warehouse(), list(range(130))))
            """,
        },
        "130\n",
        "BATCH_SIZE = 20",
    )
    solved(tmp_path, case, RULE)


def test_a_limit_of_somebody_else_is_only_told(tmp_path):
    files = {"main.py": "class PayloadTooLarge(Exception):\n    pass\n\n\ndef post(body):\n    raise PayloadTooLarge('413')\n\n\npost('x' * 9)\n"}
    advised(tmp_path, files, RULE, final=False)


def test_a_number_that_only_looks_like_it_is_left_alone(tmp_path):
    silent(tmp_path, {"main.py": "def find(n):\n    raise ValueError(f'order {n} is not there')\n\n\nfind(413)\n"}, RULE)


@pytest.mark.parametrize("limit", ["from settings import MAX_UPLOAD_BYTES as MAX", "MAX = 64"], ids=["imported", "own"])
def test_a_framework_setting_that_is_given_by_name(tmp_path, limit):
    given = "MAX_UPLOAD_BYTES" if "import" in limit else "UPLOAD_BYTES"
    head = "from settings import MAX_UPLOAD_BYTES" if "import" in limit else "UPLOAD_BYTES = 64"
    case = Case(
        "setting-by-name",
        {
            "settings.py": "MAX_UPLOAD_BYTES = 64\n",
            "service.py": f"{head}\n\nconfig = {{}}\nconfig['MAX_CONTENT_LENGTH'] = {given}\n\n\ndef status(data):\n"
            "    return 200 if len(data) < config['MAX_CONTENT_LENGTH'] else 400 + 13\n",
            "main.py": """
                from service import status

                def upload(data):
                    found = status(data)
                    if found != 200:
                        raise RuntimeError(f"upload failed: {found} REQUEST ENTITY TOO LARGE")
                    return len(data)

                print(upload(b"x" * 100))
            """,
        },
        "100\n",
    )
    best = solved(tmp_path, case, RULE)
    assert "from 64 to" in best.title


def test_a_function_of_another_file_sends_in_halves_by_itself(tmp_path):
    case = Case(
        "inside-the-function",
        {
            "ingest.py": """
                TAKEN = []

                class IngestError(Exception):
                    pass

                def answer(lines):
                    if sum(map(len, lines)) > 20:
                        return "413 Payload Too Large"
                    TAKEN.extend(lines)
                    return str(len(lines))

                def send_lines(host, lines, *, port=80):
                    got = answer(lines)
                    if got.startswith("413"):
                        raise IngestError(got)
                    return int(got)
            """,
            "main.py": """
                import ingest

                lines = [f"metric {number}" for number in range(7)]
                print(ingest.send_lines("h", lines), ingest.TAKEN == lines)
            """,
        },
        "7 True\n",
        "lambda part: _send_lines_once(host, part, port=port), lines)",
    )
    best = solved(tmp_path, case, RULE)
    assert list(best.files) == ["ingest.py"]


def test_status_codes_are_not_added_up(tmp_path):
    files = {
        "api.py": "class TooLarge(Exception):\n    status_code = 413\n\n\ndef post(items) -> int:\n    if len(items) > 2:\n        raise TooLarge('413')\n"
        "    return TooLarge.status_code\n",
        "main.py": "import api\n\n\ndef send(items):\n    return api.post(items)\n\n\nprint(send([1, 2, 3]))\n",
    }
    found = diagnose(tmp_path, fail(tmp_path, files)).proposals
    assert [item.title for item in found if item.rule == RULE and "halves" in item.title] == []
