from __future__ import annotations

import os
from pathlib import Path

import pytest

from nexoide.errors import RefusedError
from nexoide.sandbox import copies
from nexoide.sandbox.copies import Copy


def _copy(tmp_path: Path) -> Copy:
    source, place = tmp_path / "source", tmp_path / "place"
    (source / "pkg").mkdir(parents=True)
    place.mkdir()
    (source / "a.py").write_text("a = 1\n")
    (source / "pkg/b.py").write_text("b = 1\n")
    (source / "link.py").symlink_to("a.py")
    (source / "out").symlink_to("/etc/passwd")
    for left_out in (".git", "__pycache__", "env"):
        (source / left_out).mkdir()
        (source / left_out / "x.py").write_text("")
    (source / "env/pyvenv.cfg").write_text("")
    return Copy(source, place)


def test_plain_files_and_links_that_stay_inside_are_copied(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    assert copy.files == ("a.py", "link.py", "pkg/b.py")
    assert (copy.place / "link.py").readlink() == Path("a.py")


def test_what_a_run_did_is_listed_and_put_back(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    copy.write("pkg/b.py", b"b = 2\n")
    copy.write("tests/test_new.py", b"")
    (copy.place / "a.py").write_text("spoilt")
    (copy.place / "made/deep").mkdir(parents=True)
    (copy.place / "made/deep/c.txt").write_text("c")
    (copy.place / "__pycache__").mkdir()
    (copy.place / "__pycache__/x.pyc").write_text("")
    (copy.place / "link.py").unlink()
    written = copy.restore({"pkg/b.py": b"b = 2\n", "tests/test_new.py": b""})
    assert sorted(written) == ["a.py", "link.py", "made/deep/c.txt"]
    assert written["link.py"] == ""
    assert (copy.place / "a.py").read_text() == "a = 1\n"
    assert (copy.place / "pkg/b.py").read_text() == "b = 1\n"
    assert sorted(path.name for path in copy.place.iterdir()) == ["a.py", "link.py", "pkg"]
    assert copy.restore({}) == {}


def test_a_file_of_ours_that_the_run_changed_is_listed(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    copy.write("a.py", b"a = 2\n")
    (copy.place / "a.py").write_text("mine\n")
    assert list(copy.restore({"a.py": b"a = 2\n"})) == ["a.py"]


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.py").write_text("precious")
    for path in (copy.place / "pkg").iterdir():
        path.unlink()
    (copy.place / "pkg").rmdir()
    (copy.place / "pkg").symlink_to(outside)
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        copy.write("pkg/b.py", b"changed")
    copy.restore({})
    assert (outside / "b.py").read_text() == "precious"
    assert not (copy.place / "pkg").is_symlink()
    assert (copy.place / "pkg/b.py").read_text() == "b = 1\n"


def test_a_folder_in_place_of_a_file_is_put_back(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    (copy.place / "a.py").unlink()
    (copy.place / "a.py").mkdir()
    (copy.place / "a.py/x").write_text("")
    copy.restore({})
    assert (copy.place / "a.py").read_text() == "a = 1\n"


@pytest.mark.parametrize("path", ["../x.py", "/etc/x.py", "", "pkg/../../x"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(OSError, match="outside"):
        _copy(tmp_path).write(path, b"")


def test_a_change_of_the_original_makes_it_stale(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    assert not copy.stale()
    (copy.source / "a.py").write_text("a = 3\n")
    assert copy.stale()
    (copy.place / "a.py").write_text("spoilt")
    with pytest.raises(RefusedError, match="changed while"):
        copy.restore({})


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MAX_BYTES", 3)
    with pytest.raises(RefusedError, match="too much to copy"):
        _copy(tmp_path)


def test_special_files_are_dropped(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    os.mkfifo(copy.place / "pipe")
    assert copy.restore({}) == {"pipe": ""}
    assert not (copy.place / "pipe").exists()
