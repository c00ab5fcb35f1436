"""S7: what Landlock does not govern (datagrams, rights, links to elsewhere) is held by the other layers."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.unit.sandbox.helpers import both, confined, copy_in


@both
async def test_s07_no_datagram_leaves(tmp_path: Path, kind: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        port = listener.getsockname()[1]
        await confined(kind, tmp_path, f"import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))")
        try:
            arrived = listener.recv(1)
        except BlockingIOError:
            arrived = b""
    assert arrived == b""


@both
async def test_s07_rights_owners_and_times_outside_cannot_be_changed(tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x", encoding="utf-8")
    outside.chmod(0o600)
    before = outside.stat()
    code = f"""
import os
for step in (os.chmod, os.utime, os.truncate, os.unlink, os.setxattr):
    try:
        step({str(outside)!r}, *{{os.chmod: (0o777,), os.truncate: (0,), os.setxattr: ("user.x", b"y")}}.get(step, ()))
        print("managed", step.__name__)
    except OSError:
        pass
"""
    assert (await confined(kind, tmp_path, code)).output == ""
    after = outside.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_size, after.st_ctime_ns) == (before.st_mode, before.st_mtime_ns, 1, before.st_ctime_ns)


@both
async def test_s07_a_link_out_of_the_copy_leads_nowhere(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret", encoding="utf-8")
    folder = copy_in(tmp_path)
    (folder / "link").symlink_to(secret)
    code = (
        "import os\ntry:\n    print(open('link').read())\nexcept OSError:\n    print('refused')\ntry:\n    os.link('"
        + str(secret)
        + "', 'hard'); print('linked')\nexcept OSError:\n    print('refused')"
    )
    assert (await confined(kind, tmp_path, code, folder=folder)).output.split() == ["refused", "refused"]


@both
async def test_s07_a_secret_in_the_home_folder_is_not_read(tmp_path: Path, kind: str) -> None:
    code = f"""
import os
for path in ("/etc/shadow", "/proc/1/environ", {str(Path.home() / ".ssh")!r}, {str(Path.home() / ".bashrc")!r}, {str(tmp_path)!r}):
    try:
        found = os.listdir(path) if os.path.isdir(path) else open(path, "rb").read()
        secret = b"root:" in found if isinstance(found, bytes) else set(found) - {{"my copy", "scratch of my copy"}}
        print("readable" if secret else "empty")
    except OSError:
        print("refused")
"""
    assert "readable" not in (await confined(kind, tmp_path, code)).output


@both
async def test_s07_gits_own_file_in_the_copy_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    folder = copy_in(tmp_path, {".git": "gitdir: /elsewhere\n", "a.py": ""})
    code = """
import os
open("a.py", "w").write("changed")
for step in (lambda: open(".git", "w"), lambda: os.unlink(".git"), lambda: os.rename(".git", "other")):
    try:
        step()
        print("managed")
    except OSError:
        pass
"""
    assert (await confined(kind, tmp_path, code, folder=folder)).output == ""
    assert (folder / ".git").read_text(encoding="utf-8") == "gitdir: /elsewhere\n"
    assert (folder / "a.py").read_text(encoding="utf-8") == "changed"
