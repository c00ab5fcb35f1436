"""Patches validated from end to end, in the real sandbox: what each layer says of right, wrong and dishonest ones."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.heal.command import invocation
from nexoide.heal.observing import Stage
from nexoide.model.patch import Evidence
from nexoide.repair.validation import Trial, Validated, Workshop, validate
from tests.unit.repair.validation.builders import lay, proposal
from tests.unit.repair.validation.builders import trial as trial_of
from tests.unit.sandbox.helpers import needs_bwrap

pytestmark = needs_bwrap

SHOP = {
    "main.py": "from shop.cart import total\n\nprint('start')\nprint(total([{'price': 3, 'qty': 2}, {'price': 4}]))\n",
    "shop/__init__.py": "",
    "shop/cart.py": "def total(items):\n    result = 0\n    for item in items:\n        result += item['price'] * item['qty']\n    return result\n",
}
TESTED = {
    **SHOP,
    "tests/test_cart.py": "from shop.cart import total\n\n\ndef test_total():\n    assert total([{'price': 1, 'qty': 2}]) == 2\n",
    "tests/test_other.py": "def test_other():\n    pass\n",
    "tests/test_more.py": "def test_more():\n    pass\n",
}
RIGHT = ("item['qty']", "item.get('qty', 1)")


@asynccontextmanager
async def _tried(root: Path, *edit: str, path: str = "shop/cart.py", timeout: float = 20.0) -> AsyncIterator[tuple[Trial, Stage]]:
    run = await invocation(f"{sys.executable} main.py", root, {})
    async with Stage(root, run, timeout=timeout) as stage:
        before = await stage.observe({})
        assert before.failures, before.output
        yield trial_of(root, proposal(root, path, *edit), before.failures[0]), stage


async def _validated(root: Path, *edit: str, path: str = "shop/cart.py", timeout: float = 20.0) -> Validated:
    async with _tried(root, *edit, path=path, timeout=timeout) as (trial, stage):
        return await validate(trial, observe=stage.observe)


def _outcomes(found: Validated) -> dict[str, str]:
    return {row.kind: row.outcome for row in found.evidence}


def _row(found: Validated, kind: str) -> Evidence:
    return next(row for row in found.evidence if row.kind == kind)


async def test_a_right_patch_passes_every_layer_that_can_be_run(tmp_path: Path) -> None:
    root = lay(tmp_path, TESTED)
    told: list[Evidence] = []
    async with _tried(root, *RIGHT) as (trial, stage):
        found = await validate(trial, observe=stage.observe, said=told.append)
    assert _outcomes(found) == {
        "inspection": "passed",
        "compile": "passed",
        "types": "inconclusive",
        "import": "passed",
        "replay": "passed",
        "output": "passed",
        "rebuilt": "passed",
        "regression": "passed",
        "mutation": "passed",
        "selected": "passed",
        "tests": "passed",
        "reach": "passed",
    }
    assert sorted(row.kind for row in told) == sorted(row.kind for row in found.evidence)
    assert not found.refused
    assert found.behaviour
    assert "4 tests pass, as before" in _row(found, "tests").summary
    assert any(line.startswith("confined: ") for line in _row(found, "tests").detail)
    assert {path.name for path in root.rglob("*.py")} == {Path(name).name for name in TESTED}, "nothing is written into the project"


async def test_the_new_test_fails_before_and_passes_after_for_anybody(tmp_path: Path) -> None:
    root = lay(tmp_path, TESTED)
    found = await _validated(root, *RIGHT)
    test = found.regression_test
    assert test is not None
    assert test.path == "tests/test_regression_total_keyerror.py"
    assert b"assert total([{'price': 3, 'qty': 2}, {'price': 4}]) == 10" in test.data
    (root / test.path).write_bytes(test.data)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test.path]
    assert subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 1
    lay(root, {"shop/cart.py": SHOP["shop/cart.py"].replace(*RIGHT)})
    assert subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0


async def test_a_program_whose_call_cannot_be_rebuilt_is_run_by_its_test(tmp_path: Path) -> None:
    root = lay(tmp_path, {"main.py": "text = open('in.txt').read()\nprint(int(text) + 1)\nopen('out.txt', 'w').write(text)\n", "in.txt": "3,000\n"})
    found = await _validated(root, "int(text)", "int(text.replace(',', ''))", path="main.py")
    assert found.regression_test is not None
    assert b"command = [sys.executable, 'main.py']" in found.regression_test.data
    assert _outcomes(found)["rebuilt"] == "inconclusive"
    assert _outcomes(found)["reach"] == "passed"
    assert not (root / "out.txt").exists()


@pytest.mark.parametrize(
    ("new", "kind", "words"),
    [
        ("item['count']", "replay", "fails in the edited lines"),
        ("item['qty' * 1]", "replay", "fails as before"),
        ("item['qty'", "inspection", "not valid Python"),
    ],
)
async def test_a_wrong_patch_is_refused_and_the_rest_is_not_run(tmp_path: Path, new: str, kind: str, words: str) -> None:
    found = await _validated(lay(tmp_path, TESTED), "item['qty']", new)
    assert found.refused
    assert found.regression_test is None
    assert words in _row(found, kind).summary
    assert "tests" not in _outcomes(found)


async def test_a_patch_that_hangs_is_stopped(tmp_path: Path) -> None:
    found = await _validated(lay(tmp_path, SHOP), "result = 0", "while items: pass", timeout=1.5)
    assert found.refused
    assert "did not end" in _row(found, "replay").summary


async def test_a_patch_that_breaks_the_import_is_refused(tmp_path: Path) -> None:
    found = await _validated(lay(tmp_path, SHOP), "def total(items):", "import no_such_module\n\n\ndef total(items):")
    assert found.refused
    assert "no_such_module" in _row(found, "import").summary


async def test_a_patch_that_breaks_a_test_is_refused(tmp_path: Path) -> None:
    found = await _validated(lay(tmp_path, TESTED), "item['price'] * item['qty']", "item['price']")
    assert found.refused
    assert _row(found, "tests").outcome == "failed"
    assert "tests/test_cart.py::test_total" in _row(found, "tests").detail[0]


async def test_two_patches_that_behave_alike_have_one_digest_and_others_have_not(tmp_path: Path) -> None:
    root = lay(tmp_path, SHOP)
    edits = [("item['qty']", "item.get('qty', 1)"), ("item['qty']", "(item['qty'] if 'qty' in item else 1)"), ("item['qty']", "item.get('qty', 0)")]
    async with Workshop() as workshop:
        digests = []
        for edit in edits:
            async with _tried(root, *edit) as (trial, stage):
                digests.append((await validate(trial, observe=stage.observe, workshop=workshop)).behaviour)
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


async def test_without_a_command_the_captured_call_is_what_is_replayed(tmp_path: Path) -> None:
    async with _tried(lay(tmp_path, SHOP), *RIGHT) as (trial, _):
        found = await validate(replace(trial, command=()))
    assert _outcomes(found)["replay"] == "inconclusive"
    assert _outcomes(found)["rebuilt"] == "passed"
    assert _outcomes(found)["regression"] == "passed"


async def test_an_interpreter_that_is_not_there_leaves_rows_that_say_so(tmp_path: Path) -> None:
    async with _tried(lay(tmp_path, TESTED), *RIGHT) as (trial, stage):
        found = await validate(replace(trial, python="/no/such/python"), observe=stage.observe)
    assert _outcomes(found) == {"inspection": "passed", "compile": "inconclusive", "replay": "passed", "output": "passed", "tests": "inconclusive"}
    assert "/no/such/python does not answer" in _row(found, "tests").summary


async def test_a_project_that_changes_between_two_patches_is_copied_anew(tmp_path: Path) -> None:
    root = lay(tmp_path, SHOP)
    async with _tried(root, *RIGHT) as (trial, stage), Workshop() as workshop:
        await validate(trial, observe=stage.observe, workshop=workshop)
        first = await workshop.site(trial)
        assert await workshop.site(trial) is first
        lay(root, {"shop/extra.py": "x = 1\n"})
        assert await workshop.site(trial) is not first


async def test_cancelling_leaves_nothing_behind(tmp_path: Path) -> None:
    async with _tried(
        lay(tmp_path, {**TESTED, "tests/test_slow.py": "import time\nfrom shop.cart import total\ndef test_slow(): time.sleep(30)\n"}), *RIGHT
    ) as (trial, _):
        running = asyncio.ensure_future(validate(trial))
        await asyncio.sleep(1.5)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    assert not [pid for pid in children if b"bwrap" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert not list(Path(tempfile.gettempdir()).glob(f"nexoide-sandbox-{os.getpid()}-*"))


async def test_the_new_test_does_not_name_the_folder_it_was_made_in(tmp_path: Path) -> None:
    root = lay(tmp_path, {"main.py": SHOP["main.py"].replace("total", "totl"), "shop/__init__.py": "", "shop/cart.py": SHOP["shop/cart.py"].replace(*RIGHT)})
    found = await _validated(root, "import totl", "import total as totl", path="main.py")
    assert found.regression_test is not None
    assert str(root).encode() not in found.regression_test.data
    assert b"(shop/cart.py)" in found.regression_test.data
