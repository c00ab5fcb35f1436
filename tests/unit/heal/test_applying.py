"""Writing a patch: all of it where nothing changed meanwhile, else nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from nexoide.errors import ConflictError, NexoideError, NotFoundError, RefusedError
from nexoide.heal.applying import apply, chosen
from nexoide.heal.result import Healed, HealedPatch
from nexoide.journal import storage
from nexoide.repair.proposal import Proposal
from nexoide.repair.validation.trial import NewFile


def patch(
    files: dict[str, tuple[bytes, bytes]], test: NewFile | None = None, *, name: str = "H-1", confidence: float = 0.9, passes: bool = True
) -> HealedPatch:
    made = Proposal(rule="r", title="t", rationale="r", files=files, prior=0.8)
    return HealedPatch(id=name, proposal=made, evidence=(), confidence=confidence, regression_test=test, passes=passes)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "pkg").mkdir(parents=True)
    (folder / "a.py").write_bytes(b"1\r\n")
    (folder / "pkg" / "b.py").write_bytes(b"2\n")
    (folder / "pkg" / "b.py").chmod(0o755)
    return folder


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_every_file_is_written_the_new_test_included(root: Path) -> None:
    made = patch({"a.py": (b"1\r\n", b"3\r\n"), "pkg/b.py": (b"2\n", b"4\n")}, NewFile(path="tests/test_a.py", data=b"t\n"))
    assert apply(root, made) == ("a.py", "pkg/b.py", "tests/test_a.py")
    assert contents(root) == {"a.py": b"3\r\n", "pkg/b.py": b"4\n", "tests/test_a.py": b"t\n"}
    assert (root / "pkg" / "b.py").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("change", ["other bytes", "gone", "a link"])
def test_nothing_is_written_where_a_file_changed(root: Path, change: str) -> None:
    if change == "other bytes":
        (root / "pkg" / "b.py").write_bytes(b"5\n")
    elif change == "gone":
        (root / "pkg" / "b.py").unlink()
    else:
        (root / "pkg" / "b.py").unlink()
        (root / "pkg" / "b.py").symlink_to(root / "a.py")
    before = contents(root)
    with pytest.raises(NexoideError):
        apply(root, patch({"a.py": (b"1\r\n", b"3\r\n"), "pkg/b.py": (b"2\n", b"4\n")}))
    assert contents(root) == before


def test_a_new_file_never_replaces_one_that_came_meanwhile(root: Path) -> None:
    (root / "tests").mkdir()
    (root / "tests" / "test_a.py").write_bytes(b"mine\n")
    before = contents(root)
    with pytest.raises(ConflictError, match="is there by now"):
        apply(root, patch({"a.py": (b"1\r\n", b"3\r\n")}, NewFile(path="tests/test_a.py", data=b"t\n")))
    assert contents(root) == before


def test_what_was_written_is_put_back_where_a_later_file_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = storage.replace_file

    def failing(path: Path, data: bytes, **more: object) -> None:
        if path.name == "b.py":
            raise NexoideError("the disk is full")
        real(path, data, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(storage, "replace_file", failing)
    before = contents(root)
    with pytest.raises(NexoideError, match="disk is full"):
        apply(root, patch({"a.py": (b"1\r\n", b"3\r\n"), "pkg/b.py": (b"2\n", b"4\n")}))
    assert contents(root) == before


def test_a_new_file_that_cannot_be_made_leaves_no_folder_and_no_half_of_the_patch(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = storage.create_file

    def raced(path: Path, data: bytes, *, below: Path) -> None:
        path.parent.mkdir()
        path.write_bytes(b"theirs\n")
        real(path, data, below=below)

    monkeypatch.setattr(storage, "create_file", raced)
    with pytest.raises(ConflictError, match="is there already"):
        apply(root, patch({"a.py": (b"1\r\n", b"3\r\n")}, NewFile(path="tests/test_a.py", data=b"t\n")))
    assert contents(root) == {"a.py": b"1\r\n", "pkg/b.py": b"2\n", "tests/test_a.py": b"theirs\n"}
    (root / "tests" / "test_a.py").unlink()
    (root / "tests").rmdir()

    def full(path: Path, data: bytes, *, below: Path) -> None:
        path.parent.mkdir(parents=True)
        raise NexoideError("the disk is full")

    monkeypatch.setattr(storage, "create_file", full)
    with pytest.raises(NexoideError, match="disk is full"):
        apply(root, patch({"a.py": (b"1\r\n", b"3\r\n")}, NewFile(path="tests/deep/test_a.py", data=b"t\n")))
    assert contents(root) == {"a.py": b"1\r\n", "pkg/b.py": b"2\n"}


def test_ctrl_c_waits_until_the_patch_is_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = storage.replace_file

    def interrupted(path: Path, data: bytes, **more: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        real(path, data, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(storage, "replace_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply(root, patch({"a.py": (b"1\r\n", b"3\r\n"), "pkg/b.py": (b"2\n", b"4\n")}))
    assert contents(root) == {"a.py": b"3\r\n", "pkg/b.py": b"4\n"}


@pytest.mark.parametrize("rel", ["../x.py", "/tmp/x.py", "out/x.py"])
def test_no_path_leads_out_of_the_folder(root: Path, tmp_path: Path, rel: str) -> None:
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(RefusedError):
        apply(root, patch({"a.py": (b"1\r\n", b"3\r\n")}, NewFile(path=rel, data=b"t\n")))
    assert not (tmp_path / "x.py").exists()
    assert (root / "a.py").read_bytes() == b"1\r\n"


def test_the_best_is_written_only_where_it_is_good_enough() -> None:
    good, weak = patch({}, name="H-1", confidence=0.6), patch({}, name="H-2", confidence=0.4)
    assert chosen(Healed(status="fixed", patches=(good, weak)), "") is good
    assert chosen(Healed(status="fixed", patches=(good, weak)), "h-2") is weak
    with pytest.raises(RefusedError, match=r"0\.40 only.*--patch H-2"):
        chosen(Healed(status="fixed", patches=(weak,)), "")
    with pytest.raises(RefusedError, match="does not make the command run"):
        chosen(Healed(status="not_fixed", patches=(patch({}, passes=False),)), "")
    with pytest.raises(NotFoundError, match="H-1, H-2"):
        chosen(Healed(status="fixed", patches=(good, weak)), "H-9")
    with pytest.raises(RefusedError, match="no patch"):
        chosen(Healed(status="not_fixed"), "")
