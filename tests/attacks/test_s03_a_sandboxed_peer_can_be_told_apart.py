"""S3: the kernel reports a root-started sandbox's uid as 0; its user namespace is another, which is what to ask for."""

from __future__ import annotations

from pathlib import Path

from tests.unit.sandbox.helpers import both, confined


@both
async def test_s03_the_user_namespace_differs_from_ours(tmp_path: Path, kind: str) -> None:
    ended = await confined(kind, tmp_path, "import os; print(os.readlink('/proc/self/ns/user'), os.getuid())")
    namespace, uid = ended.output.split()
    assert namespace.startswith("user:[")
    assert namespace != str(Path("/proc/self/ns/user").readlink())
    assert uid == "65534"
