from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.errors import RefusedError
from nexoide.sandbox.profile import checked_folder, readable_roots


@pytest.mark.parametrize("path", ["/", "/tmp", "/etc", "/home", "/root", "/usr/../etc"])
def test_a_folder_that_is_no_copy_is_refused(path: str) -> None:
    if not Path(path).is_dir():
        pytest.skip(f"there is no {path} here")
    with pytest.raises(RefusedError, match="not a copy"):
        checked_folder(Path(path))


def test_a_link_to_such_a_folder_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "copy").symlink_to("/etc")
    with pytest.raises(RefusedError, match="not a copy"):
        checked_folder(tmp_path / "copy")


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RefusedError, match="not a folder"):
        checked_folder(tmp_path / "file")


def test_readable_roots_name_the_link_and_what_it_means(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert readable_roots((tmp_path / "link", tmp_path / "missing", Path("/usr/lib"))) == (tmp_path / "link", tmp_path / "real")
