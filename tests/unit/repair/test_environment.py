from __future__ import annotations

import pytest

from nexoide.repair.engine import diagnose
from tests.unit.repair.programs import fail
from tests.unit.repair.solving import advised

RULE = "environment"

LINES = {
    "socket.create_connection(('127.0.0.1', 9), timeout=2)": "nothing answers",
    "urllib.request.urlopen('http://127.0.0.1:9/x')": "nothing answers",
    "urllib.request.urlopen('http://no-such-host.invalid/')": "host name",
    "raise ssl.SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired')": "certificate",
    "raise OSError(28, 'No space left on device', '/var/log/x')": "disk is full",
    "raise OSError(30, 'Read-only file system', '/mnt/x')": "read-only",
    "raise PermissionError(13, 'Permission denied', '/etc/shadow')": "may not do this",
    "raise OSError(98, 'Address already in use')": "is taken",
    "raise ImportError('libGL.so.1: cannot open shared object file: No such file or directory')": "library of the system",
    "raise sqlite3.OperationalError('FATAL: sorry, too many clients already')": "does not take the connection",
    "raise OSError(5, 'Input/output error')": "network share fails",
}


def program(line: str) -> dict[str, str]:
    return {"main.py": f"import socket, sqlite3, ssl, urllib.request\n\n\ndef work():\n    {line}\n\n\nwork()\n"}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[:40])
def test_what_lies_outside_the_program_gets_advice_and_a_command(line, tmp_path):
    advice = advised(tmp_path, program(line), RULE, final=True)
    assert LINES[line] in advice.title
    assert "To see it: " in advice.text


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("raise MemoryError()", "memory ran out"),
        ("raise OSError(24, 'Too many open files')", "as many files open"),
        ("raise sqlite3.OperationalError('database is locked')", "held by another process"),
    ],
)
def test_what_may_be_the_program_after_all_vetoes_nothing(line, word, tmp_path):
    assert word in advised(tmp_path, program(line), RULE, final=False).title


def test_the_command_names_the_path(tmp_path):
    advice = advised(tmp_path, program("raise PermissionError(13, 'Permission denied', '/srv/data/x.csv')"), RULE, final=True)
    assert "ls -ld /srv/data/x.csv" in advice.text


@pytest.mark.parametrize(
    "line", ["raise ValueError('Permission denied')", "raise OSError('no such thing')", "raise RuntimeError('disk usage report failed')", "int('x')"]
)
def test_what_is_not_its_case(line, tmp_path):
    diagnosis = diagnose(tmp_path, fail(tmp_path, program(line)))
    assert [item for item in diagnosis.advice if item.rule == RULE] == []
