"""What git knows of an incident, on real repositories in every state in which a program may fail."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from nexoide.model.failure import Failure, Frame, Raised
from nexoide.model.incident import Incident
from nexoide.supervisor.examination import Examinations
from nexoide.vcs.repository import Repository
from tests.support.project import GIT_ENV
from tests.support.repositories import Sample, make_sample

PRICE = "shop/price.py"
LINE = "    return order.total"


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return make_sample((tmp_path / "shop").resolve())


def incident(sample: Sample, *frames: tuple[str, int, str], release: str = "", resolved: str = "") -> Incident:
    """Return an incident whose traceback goes through these lines of the repository (path, line, source), the raising one last."""
    shown = tuple(Frame(file=str(sample.root / path), line=line, function="f", source=source) for path, line, source in frames)
    failure = Failure(target="app", pid=1, source="main", at=time.time(), exceptions=(Raised(type="E", message="m", frames=shown),), release=release)
    path, line, _ = frames[-1]
    return Incident(
        id="I-1",
        fingerprint="f",
        target="app",
        error_class="E",
        message="m",
        file=path,
        line=line,
        function="f",
        first_at=failure.at,
        last_at=failure.at,
        count=1,
        sample=failure,
        resolved_commit=resolved,
    )


def examine(sample: Sample, *frames: tuple[str, int, str], release: str = ""):
    return Examinations(sample.root, Repository.open(sample.root)).examine(incident(sample, *frames, release=release))


def test_the_last_commit_where_it_reads_the_same(sample: Sample):
    head = sample.git("rev-parse", "HEAD")
    found = examine(sample, (PRICE, 2, LINE))
    (view,) = found.sources
    assert (view.path, view.line, view.first_line, view.commit) == (PRICE, 2, 1, head)
    assert view.lines[1] == LINE
    assert (found.commit, found.introduced.id, [commit.id for commit in found.recent], found.note) == (head, head, [head], "")


def test_the_disk_where_it_was_changed_and_not_committed(sample: Sample):
    first = sample.git("rev-parse", "HEAD")
    sample.write(PRICE, b"import os\n\ndef price(order):\n    return order.total\n\nNEW = order\n")
    found = examine(sample, (PRICE, 4, LINE))
    assert (found.sources[0].commit, found.sources[0].lines[3]) == ("", LINE)
    assert found.introduced.id == first  # the line moved, and is still the one that was committed
    assert "had been changed since the last commit" in found.note
    fresh = examine(sample, (PRICE, 6, "NEW = order"))
    assert fresh.introduced is None
    assert "the failing line is not committed yet" in fresh.note


def test_the_commit_that_was_running_where_it_was_changed_since(sample: Sample):
    first = sample.git("rev-parse", "HEAD")
    sample.commit("rewrite", **{PRICE: b"def cost(order):\n    return order.sum\n"})
    found = examine(sample, (PRICE, 2, LINE))
    assert (found.sources[0].commit, found.sources[0].lines[1]) == (first, LINE)
    assert f"was run as of {first[:10]}" in found.note
    assert found.introduced.id == first
    assert [commit.subject for commit in found.recent] == ["rewrite", "first"]


def test_the_text_in_which_all_lines_agree_is_taken_before_one_that_agrees_by_chance(sample: Sample):
    old = sample.commit("old", **{PRICE: b"a = 1\n\nb = 2\nc = 3\n"})
    sample.commit("new", **{PRICE: b"a = 1\n\nb = 3\nc = 3\n"})
    found = examine(sample, (PRICE, 3, "b = 2"), (PRICE, 4, "c = 3"))
    assert {view.commit for view in found.sources} == {old}


def test_a_line_that_moved_is_found_where_it_stands_once(sample: Sample):
    head = sample.commit("more", **{PRICE: b"x = 1\nx = 1\n\ny = raise_it()\n"})
    moved = examine(sample, (PRICE, 2, "y = raise_it()"))
    assert (moved.sources[0].line, moved.sources[0].commit) == (4, head)
    assert "line 4 in what is shown" in moved.note
    twice = examine(sample, (PRICE, 4, "x = 1"))
    assert twice.sources == ()
    assert "reads differently now" in twice.note


def test_a_renamed_file_keeps_its_past(sample: Sample):
    first = sample.git("rev-parse", "HEAD")
    sample.git("mv", PRICE, "shop/cost.py")
    renamed = sample.commit("rename")
    found = examine(sample, ("shop/cost.py", 2, LINE))
    assert found.introduced.id == first
    assert [commit.id for commit in found.recent] == [renamed, first]


def test_what_the_program_says_it_was_made_from(sample: Sample):
    for number in range(35):
        sample.commit(f"n {number}", **{PRICE: b"n = %d\n" % number})
    long_ago = sample.git("rev-parse", "HEAD~33")
    assert examine(sample, (PRICE, 1, "n = 1")).sources == ()
    found = examine(sample, (PRICE, 1, "n = 1"), release=f"shop@{long_ago}")
    assert found.sources[0].commit == long_ago


def test_nothing_was_captured_to_compare(sample: Sample):
    found = examine(sample, (PRICE, 2, ""))
    assert found.sources[0].lines[1] == LINE
    assert "was not captured" in found.note


def test_captured_lines_come_without_secrets_and_views_as_well(sample: Sample):
    secret = "ghp_" + "a1B2" * 9
    key = "-----BEGIN RSA PRIVATE KEY-----\n" + "Zm9vYmFy" * 8 + "\n-----END RSA PRIVATE KEY-----"
    sample.commit("secrets", **{PRICE: f'KEY = """{key}"""\nTOKEN = "{secret}"\ncall(TOKEN)\n'.encode()})
    from nexoide.probe.redact import redact

    found = examine(sample, (PRICE, 5, "call(TOKEN)"), (PRICE, 4, redact(f'TOKEN = "{secret}"', code=True)))
    assert len(found.sources) == 2
    text = "\n".join(line for view in found.sources for line in view.lines)
    assert secret not in text
    assert "Zm9vYmFy" not in text
    assert "call(TOKEN)" in text


def test_no_repository_no_commit_and_files_git_does_not_know(tmp_path: Path, sample: Sample):
    plain = Sample((tmp_path / "plain").resolve())
    plain.write("a.py", b"boom()\n")
    found = examine(plain, ("a.py", 1, "boom()"))
    assert (found.sources[0].lines, found.commit, found.introduced) == (("boom()", ""), "", None)
    assert "not in git" in found.note
    plain.git("init", "-q")
    assert "nothing is committed yet" in examine(plain, ("a.py", 1, "boom()")).note
    sample.write("new.py", b"boom()\n")
    found = examine(sample, ("new.py", 1, "boom()"))
    assert (found.sources[0].commit, found.introduced, found.recent) == ("", None, ())
    assert "not committed" in found.note


def test_what_hides_from_people_and_what_lies_elsewhere_is_not_read(sample: Sample, tmp_path: Path):
    sample.write(".env", b"SETTING=1\n")
    (tmp_path / "outside.py").write_text("SETTING=1\n")
    (sample.root / "link.py").symlink_to(tmp_path / "outside.py")
    subprocess.run(["mkfifo", str(sample.root / "pipe.py")], check=True)
    for name in (".env", "link.py", "pipe.py"):
        assert examine(sample, (name, 1, "SETTING=1")).sources == ()


def test_a_submodule_and_a_shallow_clone_are_said(sample: Sample, tmp_path: Path):
    inner = make_sample(sample.root / "inner")
    inner.commit("deep", **{"deep.py": b"boom()\n"})
    sample.commit("with a submodule")
    found = examine(sample, ("inner/deep.py", 1, "boom()"))
    assert found.sources[0].lines[0] == "boom()"
    assert "submodule" in found.note
    clone = Sample(tmp_path / "clone")
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{sample.root}", str(clone.root)], env=GIT_ENV, check=True)
    found = examine(clone, (PRICE, 2, LINE))
    assert (found.introduced, found.recent) == (None, ())
    assert "the clone is shallow" in found.note
    assert found.sources[0].lines[1] == LINE


def test_text_in_lfs_is_said(sample: Sample):
    sample.commit("lfs", **{PRICE: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    sample.write(PRICE, b"boom()\n")
    found = examine(sample, (PRICE, 1, "boom()"))
    assert found.sources[0].commit == ""
    assert "LFS" in found.note


def test_a_broken_repository_is_a_note(sample: Sample):
    (sample.root / ".git" / "HEAD").write_text("nonsense\n")
    found = examine(sample, (PRICE, 2, LINE))
    assert found.sources[0].lines[1] == LINE
    assert found.note
    assert found.commit == ""


def test_a_workspace_below_the_repository(sample: Sample):
    head = sample.git("rev-parse", "HEAD")
    below = Sample(sample.root / "shop")
    found = examine(below, ("price.py", 2, LINE))
    assert (found.sources[0].path, found.sources[0].commit, found.introduced.id) == ("price.py", head, head)


def test_other_encodings_and_line_ends(sample: Sample):
    sample.commit("latin", **{PRICE: "# -*- coding: latin-1 -*-\r\nname = 'é'\r\nboom(name)\r\n".encode("latin-1")})
    found = examine(sample, (PRICE, 2, "name = 'é'"))
    assert found.sources[0].lines[1:3] == ("name = 'é'", "boom(name)")


def test_an_incident_outside_the_workspace(sample: Sample, tmp_path: Path):
    frame = Frame(file="/usr/lib/python3/x.py", line=1, function="f", source="x")
    failure = Failure(target="app", pid=1, source="main", at=time.time(), exceptions=(Raised(type="E", message="m", frames=(frame,)),))
    outside = Incident(
        id="I-1", fingerprint="f", target="app", error_class="E", message="m", file="", line=0, function="f", first_at=1, last_at=1, count=1, sample=failure
    )
    found = Examinations(sample.root, Repository.open(sample.root)).examine(outside)
    assert (found.sources, found.introduced) == ((), None)
    assert "no frame of it is inside" in found.note


def test_what_was_committed_since_it_was_resolved(sample: Sample):
    resolved = sample.git("rev-parse", "HEAD")
    touched = sample.commit("touch the price", **{PRICE: b"def price(order):\n    return order.total\n"})
    other = sample.commit("touch another", other=b"1\n")
    examinations = Examinations(sample.root, Repository.open(sample.root))
    found = examinations.since(incident(sample, (PRICE, 2, LINE), resolved=resolved))
    assert [commit.id for commit in found] == [touched, other]
    assert examinations.since(incident(sample, (PRICE, 2, LINE), resolved=other)) == ()
    assert examinations.since(incident(sample, (PRICE, 2, LINE), resolved="e" * 40)) == ()
    assert examinations.head() == other


def test_many_incidents_of_one_file_start_git_once(sample: Sample, monkeypatch: pytest.MonkeyPatch):
    from nexoide.vcs.history import History

    asked: list[str] = []
    real = History.touches
    monkeypatch.setattr(History, "touches", lambda self, path, *rest: asked.append(path) or real(self, path, *rest))
    examinations = Examinations(sample.root, Repository.open(sample.root))
    for _ in range(5):
        assert examinations.examine(incident(sample, (PRICE, 2, LINE))).introduced is not None
    assert asked == [PRICE]
    sample.commit("moves", other=b"9\n")
    examinations.examine(incident(sample, (PRICE, 2, LINE)))
    assert asked == [PRICE, PRICE]
