"""Programs written for older packages, run against the ones that are installed here; each case needs its package."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nexoide.model.codec import from_builtins
from nexoide.model.failure import Failure
from nexoide.repair.engine import Asking, diagnose
from nexoide.repair.moved.table import packages
from nexoide.repair.surroundings import Surroundings
from tests.unit.repair import programs
from tests.unit.repair.package_cases import DATA_CASES
from tests.unit.repair.package_cases_web import WEB_CASES

RULE = "package-moved"
CASES = [*DATA_CASES, *WEB_CASES]
# Values whose repr fails, or looks at half-made objects, must not end the run that captures them.
_RUNNER = (
    programs._RUNNER.replace("repr(value)[:200]", "shown(value)[:200]")
    .replace("dir(value)", "dir(kind)")
    .replace(
        "def view(value):",
        "def shown(value):\n    try:\n        return repr(value)\n    except Exception:\n        return object.__repr__(value)\n\ndef view(value):",
    )
)


def run(root: Path) -> tuple[str, Failure | None]:
    """Run a program with the packages of this environment."""
    done = subprocess.run([sys.executable, "-I", "-B", "-c", _RUNNER, str(root), "main.py"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    printed, _, failure = done.stdout.partition("FAILURE")
    return printed, from_builtins(json.loads(failure), Failure) if failure else None


@pytest.mark.parametrize(("needs", "files", "prints"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_repaired_program_runs_and_prints_what_it_should(needs, files, prints, tmp_path):
    for name in needs:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    programs.write(tmp_path, files)
    printed, failure = run(tmp_path)
    if failure is None:
        pytest.skip(f"the installed {needs[0]} still takes the old form: {printed[:40]}")
    diagnosis = diagnose(tmp_path, failure)
    assert diagnosis.proposals, diagnosis
    assert diagnosis.proposals[0].rule == RULE, diagnosis
    programs.apply(tmp_path, diagnosis.proposals[0])
    printed, again = run(tmp_path)
    assert again is None, again
    assert printed == prints


def test_a_required_field_is_not_given_a_default(tmp_path):
    pytest.importorskip("pydantic")
    text = "from pydantic import BaseModel\n\n\nclass User(BaseModel):\n    name: str\n\n\nprint(User().name)\n"
    programs.write(tmp_path, {"main.py": text})
    _, failure = run(tmp_path)
    assert failure is not None
    assert not [item for item in diagnose(tmp_path, failure).proposals if item.rule == RULE]


def test_a_package_that_the_new_name_needs_and_that_is_missing_is_told(tmp_path):
    pytest.importorskip("pydantic")
    programs.write(tmp_path, {"main.py": "from pydantic import BaseSettings\n\n\nclass S(BaseSettings):\n    name: str = 'x'\n\n\nprint(S().name)\n"})
    _, failure = run(tmp_path)
    assert failure is not None
    diagnosis = diagnose(tmp_path, failure, Asking(surroundings=Surroundings(modules=("pydantic",))))
    assert diagnosis.proposals == ()
    assert "pydantic-settings" in diagnosis.reason


def test_a_method_of_the_program_that_has_a_moved_name_is_left_alone(tmp_path):
    text = """
        import json

        class DataFrame:
            def __init__(self):
                self.rows = []

        frame = DataFrame()
        frame.append({"a": 1}, ignore_index=True)
    """
    programs.write(tmp_path, {"main.py": textwrap.dedent(text)})
    _, failure = run(tmp_path)
    assert failure is not None
    assert not [item for item in diagnose(tmp_path, failure).proposals if item.rule == RULE]


@pytest.mark.parametrize("table", packages(), ids=lambda table: table.package)
def test_every_row_says_what_it_is_about(table):
    assert table.rows
    for row in table.rows:
        assert row.old
        assert 0.3 < row.prior < 1
        assert row.gone.replace(".", "").isdigit(), row
        if row.kind in ("method", "keyword", "builtin"):
            assert row.new or row.call, row


@pytest.mark.parametrize(
    "package", ["numpy", "pandas", "pydantic", "sqlalchemy", "httpx", "werkzeug", "django", "click", "celery", "jinja2", "flask", "urllib3"]
)
def test_every_new_name_of_an_installed_package_is_there(package):
    """A row that sends somebody to a name that does not exist is worse than none."""
    pytest.importorskip(package)
    table = next(item for item in packages() if item.package == package)
    lacking = []
    for row in table.rows:
        target = row.new.lstrip("@-").replace(":", ".")
        if row.kind in ("name", "module") and target.split(".")[0] == package and not _exists(target):
            lacking.append(f"{row.old} → {target}")
    assert lacking == []


def _exists(dotted: str) -> bool:
    code = (
        "import importlib, sys\nparts = sys.argv[1].split('.')\n"
        "for cut in range(len(parts), 0, -1):\n"
        "    try:\n        value = importlib.import_module('.'.join(parts[:cut]))\n        break\n    except ImportError:\n        continue\n"
        "else:\n    sys.exit(1)\n"
        "for part in parts[cut:]:\n    value = getattr(value, part)\n"
    )
    return subprocess.run([sys.executable, "-W", "ignore", "-c", code, dotted], capture_output=True, check=False, timeout=60).returncode == 0
