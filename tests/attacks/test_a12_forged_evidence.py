"""A12: a patch that ends the process, silences its tests or takes the sandbox down never looks as if it had passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.model.patch import Evidence
from nexoide.repair.validation import Validated, Workshop, validate
from tests.unit.repair.validation.builders import failure, frame, lay, proposal, trial
from tests.unit.sandbox.helpers import needs_bwrap

pytestmark = needs_bwrap

FILES = {
    "lib.py": "def first(items):\n    return items[0]\n",
    "tests/test_lib.py": "from lib import first\n\n\ndef test_first():\n    assert first([4]) == 4\n\n\ndef test_second():\n    assert first([5, 6]) == 5\n",
}
FORGERIES = {
    "ends the process": "__import__('os')._exit(0)",
    "says that all is well": "__import__('sys').exit(0)",
    "kills what watches it": "__import__('os').kill(__import__('os').getppid(), 9)",
    "writes to every descriptor": "[__import__('os').write(n, b'x' * 9) for n in range(3, 30) if __import__('os').path.exists(f'/proc/self/fd/{n}')]",
    "skips the tests": "__import__('pytest').skip('no')",
    "fills the report": "open(__import__('glob').glob('/tmp/nexoide-sandbox-*/report/*')[0], 'a').write('{' * 99999)",
    "removes the report": "[__import__('os').unlink(p) for p in __import__('glob').glob('/tmp/nexoide-sandbox-*/report/*')]",
}


async def _validated(root: Path, new: str) -> Validated:
    seen = failure(frame(root, "lib.py", 2, "first", items="[]"), error="IndexError", message="list index out of range")
    return await validate(trial(root, proposal(root, "lib.py", "items[0]", new), seen, command=(), timeout=15.0))


def _row(found: Validated, kind: str) -> Evidence:
    return next(row for row in found.evidence if row.kind == kind)


@pytest.mark.parametrize("new", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a12_no_forged_patch_passes_its_tests(tmp_path: Path, new: str) -> None:
    found = await _validated(lay(tmp_path, FILES), new)
    outcomes = {row.kind: row.outcome for row in found.evidence}
    assert outcomes["tests"] == "failed", found.evidence
    assert found.refused
    assert outcomes["regression"] != "passed"


async def test_a12_an_honest_patch_passes_beside_them(tmp_path: Path) -> None:
    found = await _validated(lay(tmp_path, FILES), "items[0] if items else None")
    assert _row(found, "tests").outcome == "passed"


async def test_a12_a_patch_of_the_test_surface_is_said_and_proves_little(tmp_path: Path) -> None:
    root = lay(tmp_path, {**FILES, "tests/conftest.py": "VALUE = 1\n"})
    seen = failure(frame(root, "lib.py", 2, "first", items="[]"), error="IndexError")
    found = await validate(trial(root, proposal(root, "tests/conftest.py", "VALUE = 1", "VALUE = 2"), seen, command=()))
    tests = _row(found, "tests")
    assert tests.outcome == "inconclusive"
    assert tests.detail[0] == "test surface changed: tests/conftest.py decides what these tests prove"


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos._exit(0)\n",
        "def pytest_collection_modifyitems(items): del items[1:]\n",
        "import pytest\ndef pytest_runtest_setup(item): pytest.skip('no')\n",
    ],
)
async def test_a12_a_conftest_that_drops_tests_is_found_out(tmp_path: Path, text: str) -> None:
    root = lay(tmp_path, {**FILES, "tests/conftest.py": "VALUE = 1\n"})
    seen = failure(frame(root, "lib.py", 2, "first", items="[]"), error="IndexError")
    found = await validate(trial(root, proposal(root, "tests/conftest.py", "VALUE = 1\n", text), seen, command=()))
    assert found.refused
    assert _row(found, "tests").outcome == "failed"


async def test_a12_a_workshop_goes_on_after_a_patch_that_took_its_sandbox_down(tmp_path: Path) -> None:
    root = lay(tmp_path, FILES)
    seen = failure(frame(root, "lib.py", 2, "first", items="[]"), error="IndexError", message="list index out of range")
    async with Workshop() as workshop:
        await validate(trial(root, proposal(root, "lib.py", "items[0]", FORGERIES["kills what watches it"]), seen, command=()), workshop=workshop)
        found = await validate(trial(root, proposal(root, "lib.py", "items[0]", "items[0] if items else None"), seen, command=()), workshop=workshop)
    assert not found.refused
    assert _row(found, "tests").outcome == "passed"
    assert _row(found, "regression").outcome == "passed"
