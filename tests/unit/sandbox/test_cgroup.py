from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from nexoide.sandbox import cgroup
from nexoide.sandbox.cgroup import Group
from nexoide.sandbox.launch import joining


@pytest.fixture
def group() -> Group:
    found = cgroup.make(1 << 30, 20)
    if found is None:
        pytest.skip("no control group can be made here")
    return found


def test_a_process_joins_and_is_ended_with_the_group(group: Group) -> None:
    with subprocess.Popen(joining(group, ["/bin/sh", "-c", "sleep 60 & sleep 60"])) as process:
        deadline = time.monotonic() + 10
        while len(group.members()) < 3 and time.monotonic() < deadline:
            time.sleep(0.005)
        assert process.pid in group.members()
        group.close()
        assert process.wait(5) == -9
    assert not any(folder.exists() for folder in group.folders)


def test_a_group_that_is_gone_is_not_entered_and_nothing_runs(group: Group, tmp_path: Path) -> None:
    group.close()
    ended = subprocess.run(joining(group, ["touch", str(tmp_path / "ran")]), check=False, stderr=subprocess.DEVNULL)
    assert ended.returncode == 125
    assert not (tmp_path / "ran").exists()


def test_groups_of_dead_supervisors_are_swept(group: Group) -> None:
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    left = group.folders[0].parent / f"nexoide-{gone.pid}-left"
    left.mkdir()
    cgroup.sweep()
    assert not left.exists()
    assert all(folder.exists() for folder in group.folders)
    group.close()


def test_where_nothing_can_be_made_there_is_no_group(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cgroup, "_ROOT", tmp_path)
    assert cgroup.make(1 << 30, 20) is None
    assert joining(None, ["true"]) == ["true"]
