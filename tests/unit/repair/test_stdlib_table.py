"""What other interpreters than this one say, and what the table of the standard library holds."""

from __future__ import annotations

import importlib

import pytest

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.repair.engine import Asking, diagnose
from nexoide.repair.moved.table import stdlib
from nexoide.repair.surroundings import Surroundings
from tests.unit.repair.programs import write

RULE = "stdlib-moved"


def failed(root, files, kind, message, line, *, python="3.12.1", last=None):
    """Diagnose what another interpreter would say of a program: (type, message) at a line of main.py."""
    write(root, files)
    source = (root / "main.py").read_text().split("\n")[line - 1]
    frame = Frame(file=str(root / "main.py"), line=line, function=last or "<module>", module="__main__", source=source.strip())
    failure = Failure(target="t", pid=1, source="main", at=0.0, exceptions=(Raised(type=kind, message=message, frames=(frame,)),))
    return diagnose(root, failure, Asking(surroundings=Surroundings(python=python)))


LATER = [
    (
        "from distutils.util import strtobool\nfrom distutils.spawn import find_executable\nprint(strtobool('yes'), find_executable('x'))\n",
        ("ModuleNotFoundError", "No module named 'distutils'", 1),
        ["from shutil import which", "which('x')", "'yes'.strip().lower() in"],
        ["distutils"],
    ),
    (
        "import imp\nimport json\nimp.reload(json)\n",
        ("ModuleNotFoundError", "No module named 'imp'", 1),
        ["import importlib", "importlib.reload(json)"],
        ["import imp\n"],
    ),
    ("import pipes\nprint(pipes.quote('a'))\n", ("ModuleNotFoundError", "No module named 'pipes'", 1), ["import shlex", "shlex.quote('a')"], ["pipes"]),
    (
        "import configparser\np = configparser.SafeConfigParser()\np.readfp(open('x'))\n",
        ("AttributeError", "module 'configparser' has no attribute 'SafeConfigParser'", 2),
        ["configparser.ConfigParser()", "p.read_file(open('x'))"],
        ["SafeConfigParser", "readfp"],
    ),
    (
        "import threading\nt = threading.Thread()\nt.setDaemon(True)\n",
        ("DeprecationWarning", "setDaemon() is deprecated, set the daemon attribute instead", 3),
        ["t.daemon = True"],
        ["setDaemon"],
    ),
    (
        "from datetime import UTC, datetime\nprint(datetime.now(UTC))\n",
        ("ImportError", "cannot import name 'UTC' from 'datetime' (/usr/lib/python3.9/datetime.py)", 1),
        ["from datetime import datetime, timezone", "datetime.now(timezone.utc)"],
        ["UTC,"],
    ),
]


@pytest.mark.parametrize(("text", "error", "has", "lacks"), LATER, ids=[row[1][1] for row in LATER])
def test_what_other_interpreters_say(text, error, has, lacks, tmp_path):
    diagnosis = failed(tmp_path, {"main.py": text}, *error)
    assert diagnosis.proposals, diagnosis
    assert diagnosis.proposals[0].rule == RULE
    new = diagnosis.proposals[0].files["main.py"][1].decode()
    assert all(part in new for part in has), new
    assert not any(part in new for part in lacks), new


def test_a_module_that_nothing_replaces_is_told(tmp_path):
    diagnosis = failed(
        tmp_path, {"main.py": "import telnetlib\ntelnetlib.Telnet('x')\n"}, "ModuleNotFoundError", "No module named 'telnetlib'", 1, python="3.13.0"
    )
    assert diagnosis.proposals == ()
    assert "telnetlib is gone" in diagnosis.reason


def test_what_the_interpreter_lacks_besides_is_repaired_at_once(tmp_path):
    text = "import time\n\n\ndef f(d):\n    for key, value in d.iteritems():\n        print(key, unicode(value), xrange(3))\n\n\nprint(time.clock())\nf({})\n"
    diagnosis = failed(tmp_path, {"main.py": text}, "AttributeError", "module 'time' has no attribute 'clock'", 9, python="3.11.7")
    new = diagnosis.proposals[0].files["main.py"][1].decode()
    assert "time.perf_counter()" in new
    assert "d.items()" in new
    assert "str(value), range(3)" in new


def test_code_that_asks_for_the_version_keeps_its_other_branch(tmp_path):
    text = "import sys\nimport time\n\nif sys.version_info[0] == 2:\n    text = unicode\nelse:\n    text = str\nprint(time.clock())\n"
    diagnosis = failed(tmp_path, {"main.py": text}, "AttributeError", "module 'time' has no attribute 'clock'", 8, python="3.11.7")
    new = diagnosis.proposals[0].files["main.py"][1].decode()
    assert "time.perf_counter()" in new
    assert "text = unicode" in new


def test_a_file_of_the_project_in_the_place_of_a_module_is_not_this_case(tmp_path):
    message = f"cannot import name 'Mapping' from 'collections' ({tmp_path}/collections.py)"
    diagnosis = failed(tmp_path, {"main.py": "from collections import Mapping\n", "collections.py": "X = 1\n"}, "ImportError", message, 1)
    assert not [item for item in diagnosis.proposals if item.rule == RULE]


def test_every_row_of_the_table_leads_somewhere():
    for row in stdlib().rows:
        assert row.gone.replace(".", "").isdigit()
        if row.kind in ("method", "builtin"):
            assert row.new or row.call


@pytest.mark.parametrize("row", [row for row in stdlib().rows if row.kind == "name" and row.new], ids=lambda row: row.old)
def test_every_new_name_of_the_library_is_there(row):
    target = row.new
    if target.startswith("="):
        target = "builtins." + target[1:]
    target = target.lstrip("@").replace(":", ".")
    if target.split(".")[0] in ("setuptools", "packaging"):
        pytest.skip("another package's")
    found = None
    parts = target.split(".") if "." in target or row.new.startswith("@") else ["builtins", target]
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        break
    assert found is not None, target
