"""F32: the limits of inotify are reached, or the kernel drops notifications: one clear sentence, and no save is missed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nexoide.reload import notifications
from tests.unit.reload.watching import watching

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, sys, time
from pathlib import Path
from nexoide.reload.watcher import Watcher
kind, value, root = sys.argv[1], sys.argv[2], Path(sys.argv[3])
if kind != "none":
    Path("/proc/sys/user/max_inotify_" + kind).write_text(value)
notices, seen = [], {}
def burst(burst):
    seen.update({str(path): new.decode() for path, (_, new) in burst.changed.items()})
with Watcher([root], burst, on_notice=notices.append) as watcher:
    first, before = watcher.polling, len(notices)
    for name in json.loads(sys.argv[4]):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 2\\n")
    deadline = time.monotonic() + 20
    while len(seen) < len(json.loads(sys.argv[4])) and time.monotonic() < deadline:
        time.sleep(0.01)
    print(json.dumps({"first": first, "polling": watcher.polling, "folders": watcher.folders, "notices": notices, "seen": seen}))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(100):
        folder = tmp_path / "app" / f"p{number // 10}" / f"q{number}"
        folder.mkdir(parents=True)
        (folder / "m.py").write_text("x = 1\n")
    return tmp_path / "app"


def limited(kind: str, value: int, root: Path, names: list[str]) -> dict[str, object]:
    """Watch in a user namespace of its own, where a limit of inotify can be set without touching anybody else's."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-Ur", "true"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces are not to be had here")
    command = ["unshare", "-Ur", sys.executable, "-c", PROGRAM, kind, str(value), str(root), json.dumps(names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert answer["seen"] == {str(root / name): "x = 2\n" for name in names}
    return answer


def test_too_few_watches_at_the_start(tree: Path):
    answer = limited("watches", 50, tree, ["p0/q0/m.py", "p9/q99/m.py", "p5/new/m.py"])
    assert answer["polling"]
    assert answer["notices"] == [
        "inotify's limit of 50 watched folders for this user is reached (this tree alone has 111): raise fs.inotify.max_user_watches with sysctl and start "
        "again; until then the files of 111 folders are compared again and again."
    ]


def test_the_last_watch_goes_while_watching(tree: Path):
    answer = limited("watches", 115, tree, [*(f"new/n{number}/m.py" for number in range(8)), "p9/q99/m.py"])
    assert not answer["first"]
    assert answer["polling"]
    (notice,) = answer["notices"]
    assert notice.startswith("inotify's limit of 115 watched folders for this user is reached (this tree alone has 1")


def test_no_instance_left(tree: Path):
    answer = limited("instances", 0, tree, ["p0/q0/m.py"])
    assert answer["polling"]
    (notice,) = answer["notices"]
    assert notice.startswith("inotify's limit of 0 instances for this user is reached: raise fs.inotify.max_user_instances")


def test_enough_watches_say_nothing(tree: Path):
    answer = limited("none", 0, tree, ["p0/q0/m.py"])
    assert not answer["polling"]
    assert answer["notices"] == []


def test_given_back_when_it_falls_back(tree: Path, monkeypatch: pytest.MonkeyPatch):
    """The watches are shared by all programs of a user: what cannot be watched whole takes none of them."""
    from watchdog.observers.inotify_c import InotifyFD

    add, count = InotifyFD.add_callback, [0]

    def adding(self: InotifyFD, *arguments: object) -> int:
        count[0] += 1
        if count[0] > 60:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")
        return add(self, *arguments)

    monkeypatch.setattr(InotifyFD, "add_callback", adding)
    before = instances()
    with watching(tree) as heard:
        assert heard.watcher.polling
        assert instances() == before
        assert len(heard.notices) == 1
        (tree / "p0" / "q0" / "m.py").write_text("x = 2\n")
        assert list(heard.next().values()) == [(b"x = 1\n", b"x = 2\n")]


def instances() -> int:
    return sum("inotify" in str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())


def test_no_descriptor_left_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notifications, "_descriptors_left", lambda: False)
    sentence = notifications._sentence(OSError(errno.EMFILE, "inotify instance limit reached"))
    assert sentence == "this process has no file descriptor left: raise its limit (ulimit -n) and start again"


def test_a_folder_that_may_not_be_read_is_said_once(tree: Path):
    (tree / "p0").chmod(0)
    command = [sys.executable, "-c", PROGRAM, "none", "0", str(tree), json.dumps(["p9/q99/m.py"])]
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed, and root may read everything")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    (tree / "p0").chmod(0o700)
    answer = json.loads(done.stdout)
    assert not answer["polling"]
    assert answer["notices"] == [
        f"{tree / 'p0'} cannot be read (Permission denied): what is saved below it is not seen until it can be, and the watching starts again."
    ]
    assert len(answer["seen"]) == 1


def test_a_folder_that_cannot_be_listed_for_a_moment_deletes_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch):
    scan = os.scandir

    def scanning(path: str) -> object:
        raise OSError(errno.EMFILE, "Too many open files")

    with watching(tree, poll=True) as heard:
        monkeypatch.setattr(os, "scandir", scanning)
        assert heard.nothing(0.6)
        monkeypatch.setattr(os, "scandir", scan)
        (tree / "p0" / "q0" / "m.py").write_text("x = 2\n")
        assert list(heard.next().values()) == [(b"x = 1\n", b"x = 2\n")]


def test_dropped_notifications_lose_no_save(tree: Path, monkeypatch: pytest.MonkeyPatch):
    """The queue overflows while nobody reads it; what was saved is found by looking."""
    from watchdog.observers.inotify_c import InotifyFD

    handle = InotifyFD.handle_event
    state = {"deaf": False}
    monkeypatch.setattr(InotifyFD, "handle_event", lambda self, event: None if state["deaf"] else handle(self, event))
    with watching(tree) as heard:
        state["deaf"] = True
        (tree / "p0" / "q0" / "m.py").write_text("x = 2\n")
        (tree / "deep" / "er").mkdir(parents=True)
        (tree / "deep" / "er" / "n.py").write_text("n = 1\n")
        assert heard.nothing(0.2)
        state["deaf"] = False
        heard.watcher._observed._notifications.on_queue_overflow()
        heard.until({tree / "p0" / "q0" / "m.py": b"x = 2\n", tree / "deep" / "er" / "n.py": b"n = 1\n"})
        (tree / "deep" / "er" / "n.py").write_text("n = 2\n")
        assert heard.next() == {tree / "deep" / "er" / "n.py": (b"n = 1\n", b"n = 2\n")}


@pytest.mark.parametrize("place", ["beside the files", "beside the root"])
def test_a_log_that_is_written_to_without_end_costs_little(tree: Path, place: str):
    folder = tree if place == "beside the files" else tree.parent
    with watching(tree) as heard:
        with (folder / "app.log").open("wb", buffering=0) as log:
            for _ in range(3000):
                log.write(b"line\n")
                time.sleep(0.0001)
            time.sleep(0.1)
            before = heard.watcher._observed._notifications._noise[str(folder)]
            for _ in range(200):
                log.write(b"line\n")
                time.sleep(0.0005)
            time.sleep(0.1)
            assert heard.watcher._observed._notifications._noise[str(folder)] == before
        (tree / "m.py").write_text("x = 2\n")
        assert heard.next() == {tree / "m.py": (None, b"x = 2\n")}
