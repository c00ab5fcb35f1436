"""A patch that brings a new file, the test that shows the failure: committed, written, and gone again with a revert."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.deployments import effects
from nexoide.errors import ConflictError, NexoideError
from nexoide.model import event as e
from tests.support.project import git
from tests.unit.deployments.bench import Bench

TEST = b"def test_deposit():\n    assert True\n"
PATH = "tests/regression/test_deposit.py"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def test_it_is_committed_written_and_staged_nowhere_else(bench: Bench) -> None:
    patch = await bench.propose(brings={PATH: TEST})
    assert [change.path for change in patch.files] == ["bank.py", PATH]
    await bench.deployments.approve("P-1", bench.command(), "test")
    assert (bench.root / PATH).read_bytes() == TEST
    assert git(bench.root, "show", f"HEAD:{PATH}").encode() + b"\n" == TEST
    assert git(bench.root, "status", "--porcelain") == ""


async def test_a_revert_takes_it_away(bench: Bench) -> None:
    await bench.propose(brings={PATH: TEST})
    await bench.deployments.approve("P-1", bench.command(), "test")
    await bench.deployments.revert("P-1", bench.command(), "test")
    assert not (bench.root / PATH).exists()
    assert not bench.patched()
    assert git(bench.root, "status", "--porcelain") == ""
    assert git(bench.root, "ls-tree", "-r", "--name-only", "HEAD", "tests").find("regression") == -1


async def test_a_revert_leaves_it_where_somebody_went_on_with_it(bench: Bench) -> None:
    await bench.propose(brings={PATH: TEST})
    await bench.deployments.approve("P-1", bench.command(), "test")
    (bench.root / PATH).write_bytes(TEST + b"\n\ndef test_more():\n    assert True\n")
    git(bench.root, "commit", "-qam", "more")
    await bench.deployments.revert("P-1", bench.command(), "test")
    assert b"test_more" in (bench.root / PATH).read_bytes()
    assert not bench.patched()


async def test_one_that_is_there_meanwhile_voids_the_approval(bench: Bench) -> None:
    await bench.propose(brings={PATH: TEST})
    (bench.root / PATH).parent.mkdir(parents=True)
    (bench.root / PATH).write_bytes(b"mine\n")
    with pytest.raises(ConflictError, match="is there already"):
        await bench.deployments.approve("P-1", bench.command(), "test")
    assert (bench.root / PATH).read_bytes() == b"mine\n"
    assert not bench.patched()


async def test_a_folder_that_is_a_link_is_not_written_through(bench: Bench, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    await bench.propose(brings={"elsewhere/test_x.py": TEST})
    (bench.root / "elsewhere").symlink_to(outside)
    with pytest.raises(NexoideError):
        await bench.deployments.approve("P-1", bench.command(), "test")
    assert list(outside.iterdir()) == []
    assert not bench.patched()


async def test_what_was_written_is_undone_where_the_rest_cannot_be(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await bench.propose(brings={"a_test_deposit.py": TEST})
    assert bench.repository is not None

    def fail(*_: object) -> None:
        raise NexoideError("The index is held.")

    monkeypatch.setattr(bench.repository, "sync_index", fail)
    with pytest.raises(ConflictError, match="put back"):
        await bench.deployments.approve("P-1", bench.command(), "test")
    assert not (bench.root / "a_test_deposit.py").exists()
    assert not bench.patched()


async def test_the_program_is_not_asked_to_take_it_over(bench: Bench) -> None:
    await bench.propose(brings={PATH: TEST})
    await bench.deployments.approve("P-1", bench.command(), "test")
    plan = next(iter(bench.state.deployments.values())).plan
    assert len(plan.files) == 2
    assert {effects.file_state(bench.root, file) for file in plan.files} == {"after"}
    live = [patch for patch in bench.state.patches.values() if patch.state == "live"]
    assert len(live) == 1


async def test_a_file_is_added_only_until_the_patch_is_judged(bench: Bench) -> None:
    patch = await bench.propose()
    await bench.append(e.PatchExtended(patch="P-1", file=patch.files[0]))
    assert bench.state.patches["P-1"].files == patch.files
