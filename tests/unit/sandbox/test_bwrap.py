from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from nexoide.errors import UnavailableError
from nexoide.sandbox import bwrap
from nexoide.sandbox.bwrap import arguments, mounts
from nexoide.sandbox.profile import Profile

ALL = frozenset({"--size", "--disable-userns"})


def profile(base: Path, **more: object) -> Profile:
    for name in ("copy", "scratch"):
        (base / name).mkdir(exist_ok=True)
    fields = {"command": ("true",), "folder": base / "copy", "env": {"A": "b"}, "scratch": base / "scratch", **more}
    return Profile(**fields)  # type: ignore[arg-type]


def places(one: Profile) -> list[str]:
    """Return what is mounted where, in order."""
    words = arguments(one, ALL)
    found, at = [], 0
    for at, word in enumerate(words):
        if word in ("--ro-bind", "--bind", "--symlink", "--dev-bind"):
            found.append(f"{word} {words[at + 2]}")
        elif word in ("--tmpfs", "--proc", "--dev", "--dir"):
            found.append(f"{word} {words[at + 1]}")
    return found


def test_the_empty_tmp_comes_before_what_lies_in_it(tmp_path: Path) -> None:
    interpreter = tmp_path / "venv"
    interpreter.mkdir()
    order = places(profile(tmp_path, readable=(interpreter,)))
    assert order.index("--tmpfs /tmp") < order.index(f"--ro-bind {interpreter}")
    assert order.index("--tmpfs /tmp") < order.index(f"--bind {tmp_path / 'copy'}")


def test_a_readable_parent_does_not_hide_the_copy(tmp_path: Path) -> None:
    order = places(profile(tmp_path, readable=(tmp_path,)))
    assert order.index(f"--ro-bind {tmp_path}") < order.index(f"--bind {tmp_path / 'copy'}")


def test_the_copy_does_not_hide_an_environment_inside_it(tmp_path: Path) -> None:
    inner = tmp_path / "copy" / ".venv"
    inner.mkdir(parents=True)
    order = places(profile(tmp_path, readable=(tmp_path, inner)))
    assert order.index(f"--bind {tmp_path / 'copy'}") < order.index(f"--ro-bind {inner}")


def test_the_copy_takes_the_originals_place(tmp_path: Path) -> None:
    original = tmp_path / "original"
    (original / ".venv").mkdir(parents=True)
    order = places(profile(tmp_path, seen_as=original, readable=(original / ".venv",)))
    assert order.index(f"--bind {original}") < order.index(f"--ro-bind {original / '.venv'}")


def test_gits_own_file_stays_read_only_and_a_link_is_not_followed(tmp_path: Path) -> None:
    one = profile(tmp_path)
    (tmp_path / "copy" / ".git").write_text("gitdir: /elsewhere", encoding="utf-8")
    assert places(one)[-1] == f"--ro-bind {tmp_path / 'copy' / '.git'}"
    (tmp_path / "copy" / ".git").unlink()
    (tmp_path / "copy" / ".git").symlink_to(tmp_path)
    assert not any(".git" in place for place in places(one))


@pytest.mark.parametrize("path", ["/", "/tmp", "/etc", "/root", "/home", str(Path.home())])
def test_folders_of_other_things_are_never_opened(tmp_path: Path, path: str) -> None:
    assert f"--ro-bind {path}" not in places(profile(tmp_path, readable=(Path(path),)))


def test_what_another_folder_already_shows_is_not_mounted_twice(tmp_path: Path) -> None:
    (tmp_path / "lib" / "deep").mkdir(parents=True)
    order = places(profile(tmp_path, readable=(tmp_path / "lib", tmp_path / "lib" / "deep")))
    assert f"--ro-bind {tmp_path / 'lib' / 'deep'}" not in order


def test_everything_that_holds_the_sandbox_is_asked_for(tmp_path: Path) -> None:
    words = " ".join(arguments(profile(tmp_path), ALL))
    for needed in ("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop ALL", "--die-with-parent", "--new-session", "--clearenv"):
        assert needed in words
    for closed in ("/proc", "/dev", "/"):
        assert f"--remount-ro {closed} " in words


def test_an_older_bwrap_is_not_asked_for_what_it_does_not_know(tmp_path: Path) -> None:
    words = arguments(profile(tmp_path), frozenset())
    assert "--size" not in words
    assert "--disable-userns" not in words


def test_a_nul_character_cannot_become_an_option(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="NUL"):
        arguments(profile(tmp_path, env={"A": "x\0--bind\0/\0/"}), ALL)


def test_without_bwrap_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="install the package 'bubblewrap'"):
        bwrap.find()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes device files")
def test_root_gets_device_files_of_its_own(tmp_path: Path) -> None:
    one = profile(tmp_path)
    found = {str(place): words for place, words in mounts(one, ALL) if words[0] == "--dev-bind"}
    if not found:
        pytest.skip("this file system takes no device files")
    assert found["/dev/null"][1] == str(tmp_path / "scratch" / "dev" / "null")
    shutil.rmtree(tmp_path / "scratch")
