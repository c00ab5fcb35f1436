"""S1: a sandbox started by root keeps no capability, and what root owns without any is closed as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.sandbox.selftest import device_changes
from tests.unit.sandbox.helpers import both, confined


@both
async def test_s01_no_capability_is_left(tmp_path: Path, kind: str) -> None:
    ended = await confined(kind, tmp_path, "print([line.split()[1] for line in open('/proc/self/status') if line.startswith('Cap')])")
    assert ended.output.strip() == str(["0" * 16] * 5)


@both
async def test_s01_the_host_cannot_be_made_writable(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "host file"
    code = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.mount(b"none", b"/", None, 4096 | 32, None), ctypes.get_errno())
print(libc.mount(b"none", b"/usr", None, 4096 | 32, None), ctypes.get_errno())
try:
    open({str(target)!r}, "w")
except OSError as error:
    pass
"""
    ended = await confined(kind, tmp_path, code)
    assert ended.output.split("\n")[:2] == ["-1 1", "-1 1"]
    assert not target.exists()  # what was written, if anything, is in a /tmp of the sandbox's own


@both
@pytest.mark.parametrize("setting", ["kernel/core_pattern", "kernel/hostname", "vm/drop_caches", "kernel/modprobe"])
async def test_s01_kernel_settings_are_closed_although_root_owns_them(tmp_path: Path, kind: str, setting: str) -> None:
    code = f"import os\ntry:\n    os.open('/proc/sys/{setting}', os.O_WRONLY)\n    print('open')\nexcept OSError:\n    print('refused')"
    assert (await confined(kind, tmp_path, code)).output.strip() == "refused"


@both
async def test_s01_the_hosts_device_files_keep_their_rights(tmp_path: Path, kind: str) -> None:
    before = device_changes()
    # to what they are already: where this gets through, the time of the change moves and nothing is spoilt
    code = f"""
import os
for name in {list(before)!r}:
    try:
        os.chmod(name, os.stat(name).st_mode & 0o7777)
    except OSError:
        pass
"""
    await confined(kind, tmp_path, code)
    assert device_changes() == before


@both
async def test_s01_a_set_user_id_program_gains_nothing(tmp_path: Path, kind: str) -> None:
    ended = await confined(kind, tmp_path, "print([line.split()[1] for line in open('/proc/self/status') if line.startswith('NoNewPrivs')])")
    assert ended.output.strip() == "['1']"
