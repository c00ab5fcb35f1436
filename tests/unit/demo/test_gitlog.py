"""What git says is compared with what the journal says; a commit without its trailers is noticed."""

from dataclasses import replace
from pathlib import Path

import pytest

from nexoide.demo import gitlog
from nexoide.errors import RepositoryError
from nexoide.model.patch import FileChange, Patch
from nexoide.vcs.create import create_repository
from nexoide.vcs.trailers import format_message

TRAILERS = [("Nexoide-Patch", "P-1 sha256:aa"), ("Nexoide-Incident", "I-1 ff"), ("Nexoide-Confidence", "0.90"), ("Nexoide-Approved-By", "ada")]


def _patch(commit: str) -> Patch:
    change = FileChange(path="a.py", base_sha256="0" * 64, new_sha256="1" * 64)
    return Patch(
        id="P-1",
        incident="I-1",
        target="shop",
        title="t",
        rationale="r",
        rule="r",
        author="medic",
        base_commit="c",
        files=(change,),
        proposed_at=1.0,
        confidence=0.9,
        commit=commit,
    )


def test_a_commit_with_its_trailers(tmp_path: Path) -> None:
    head = create_repository(tmp_path / "r", [("first", {"a.py": b"1\n"}), (format_message("mend it", "because", TRAILERS), {"a.py": b"2\n"})])
    assert gitlog.missing_commits(tmp_path / "r", [_patch(head)]) == []
    assert len(gitlog.log(tmp_path / "r")) == 2


@pytest.mark.parametrize("dropped", range(4))
def test_a_missing_trailer_is_said(tmp_path: Path, dropped: int) -> None:
    kept = [trailer for number, trailer in enumerate(TRAILERS) if number != dropped]
    head = create_repository(tmp_path / "r", [(format_message("mend it", "", kept), {"a.py": b"2\n"})])
    problems = gitlog.missing_commits(tmp_path / "r", [_patch(head)])
    assert len(problems) == 1
    assert TRAILERS[dropped][0] in problems[0]


def test_a_commit_that_is_not_there_is_said(tmp_path: Path) -> None:
    create_repository(tmp_path / "r", [("first", {"a.py": b"1\n"})])
    assert "git log has no commit" in gitlog.missing_commits(tmp_path / "r", [_patch("f" * 40)])[0]
    assert "at all" in gitlog.missing_commits(tmp_path / "r", [replace(_patch(""))])[0]


def test_the_newest_commit_must_be_the_revert(tmp_path: Path) -> None:
    trailers = [("Nexoide-Patch", "P-1 sha256:aa"), ("Nexoide-Reverted-By", "ada")]
    create_repository(tmp_path / "good", [("first", {"a.py": b"1\n"}), (format_message('Revert "t"', "", trailers), {"a.py": b"2\n"})])
    create_repository(tmp_path / "bad", [(format_message("mend it", "", TRAILERS), {"a.py": b"1\n"})])
    assert gitlog.missing_revert(tmp_path / "good", _patch("c")) == []
    assert "is not the revert of P-1" in gitlog.missing_revert(tmp_path / "bad", _patch("c"))[0]


def test_a_file_name_that_a_stream_cannot_carry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="cannot be the name"):
        create_repository(tmp_path / "r", [("first", {"a\nb": b""})])


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RepositoryError):
        create_repository(tmp_path / "file" / "r", [("first", {"a": b""})])
