"""The past of files in real repositories: commits, names, contents, who wrote a line; hostile settings run nothing."""

from __future__ import annotations

import subprocess
import time

import pytest

from nexoide.errors import RepositoryError
from nexoide.vcs import bounded
from nexoide.vcs.history import KEPT_TEXT, MAX_FILE
from nexoide.vcs.repository import Repository
from nexoide.vcs.runner import Runner
from tests.support.project import GIT_ENV
from tests.support.repositories import Sample, make_hostile, make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def test_commits_that_touched_a_file_newest_first_under_the_names_it_had(sample: Sample):
    sample.git("mv", "shop/price.py", "shop/cost.py")
    moved = sample.commit("move it")
    sample.commit("something else", other=b"1\n")
    changed = sample.commit("change it", **{"shop/cost.py": b"def price(order):\n    return order.sum\n"})
    history = sample.open().history()
    past = history.touches("shop/cost.py", changed)
    assert past.whole
    assert [touch.commit.subject for touch in past.touches] == ["change it", "move it", "first"]
    assert [touch.path for touch in past.touches] == ["shop/cost.py", "shop/cost.py", "shop/price.py"]
    assert past.touches[1].commit.id == moved
    assert past.touches[0].commit.author == "Ada"
    contents = dict(history.contents(touch.oid for touch in past.touches))
    assert [contents[touch.oid].splitlines()[1] for touch in past.touches] == [b"    return order.sum", b"    return order.total", b"    return order.total"]
    assert len(history.touches("shop/cost.py", changed, count=2).touches) == 2


def test_a_deleted_file_and_one_that_was_never_there(sample: Sample):
    sample.git("rm", "-q", "shop/notes.txt")
    head = sample.commit("gone")
    history = sample.open().history()
    assert [touch.oid == "" for touch in history.touches("shop/notes.txt", head).touches] == [True, False]
    assert history.touches("shop/none.py", head).touches == ()
    assert history.held(head, "shop/notes.txt").kind == "absent"
    assert history.held(head, "shop").kind == "absent"


def test_who_wrote_a_line_also_before_it_moved(sample: Sample):
    first = sample.git("rev-parse", "HEAD")
    text = (sample.root / "shop/price.py").read_bytes()
    head = sample.commit("add a header", **{"shop/price.py": b"import os\n\n" + text})
    history = sample.open().history()
    assert history.blame(head, "shop/price.py", 4).id == first
    introduced = history.blame(head, "shop/price.py", 1)
    assert (introduced.id, introduced.subject, introduced.author) == (head, "add a header", "Ada")
    assert introduced.at == float(sample.git("log", "-1", "--format=%ct"))
    with pytest.raises(RepositoryError, match="git blame failed"):
        history.blame(head, "shop/price.py", 99)


def test_commits_to_pass_over_do_not_count(sample: Sample):
    text = (sample.root / "shop/price.py").read_bytes()
    head = sample.commit("format", **{"shop/price.py": text.replace(b"    return order.total", b"    return  order.total")})
    (sample.root / "ignored").write_text(head + "\n")
    sample.git("config", "blame.ignoreRevsFile", "ignored")
    assert sample.open().history().blame(head, "shop/price.py", 2).id == head


def test_what_came_between_two_commits_those_of_the_file_first(sample: Sample):
    old = sample.git("rev-parse", "HEAD")
    sample.commit("price", **{"shop/price.py": b"x = 1\n"})
    for number in range(12):
        sample.commit(f"other {number}", other=b"%d\n" % number)
    new = sample.git("rev-parse", "HEAD")
    history = sample.open().history()
    found = history.between(old, new, ["shop/price.py"])
    assert [commit.subject for commit in found] == ["price", *(f"other {number}" for number in range(11, 2, -1))]
    assert history.between(new, new) == ()
    assert history.between("", new) == ()
    with pytest.raises(RepositoryError):
        history.between("f" * 40, new)
    with pytest.raises(RepositoryError, match="full id"):
        history.between("--output=/tmp/x", new)


def test_texts_of_commits_are_bounded_and_printable(sample: Sample):
    sample.write("a.txt", b"1\n")
    sample.git("add", "-A")
    subject = b"\x1b[2J" + b"long " * 100_000
    sample.git("-c", "user.name=\x1b]52;c;aGk=\x07" + "n" * 300, "commit", "-q", "-F", "-", stdin=subject)
    (found,) = [touch.commit for touch in sample.open().history().touches("a.txt", sample.git("rev-parse", "HEAD")).touches]
    assert len(found.subject) <= KEPT_TEXT
    assert len(found.author) <= 100
    assert found.subject.isprintable()
    assert found.author.isprintable()
    blamed = sample.open().history().blame(found.id, "a.txt", 1)
    assert (blamed.id, len(blamed.subject), blamed.subject.isprintable()) == (found.id, KEPT_TEXT, True)


def test_names_that_look_like_output_or_options(sample: Sample):
    for name in ("-p.py", ":100644 a.py", "a b\tc.py", "*.py", "\x01" + "a" * 40):
        head = sample.commit("odd", **{name: name.encode() * 9})
        history = sample.open().history()
        assert [touch.path for touch in history.touches(name, head).touches] == [name]
        assert history.blame(head, name, 1).id == head


def test_contents_too_large_are_left_out_and_the_rest_is_read(sample: Sample):
    head = sample.commit("large", big=b"x" * (MAX_FILE + 1), small=b"s\n")
    history = sample.open().history()
    oids = [history.held(head, name).oid for name in ("shop/price.py", "big", "small")]
    assert [oid for oid, _ in history.contents([*oids, "0" * 40, oids[0]])] == [oids[0], oids[2]]


def test_a_submodule_and_a_link_are_no_files(sample: Sample, tmp_path):
    inner = make_sample(sample.root / "inner")
    (sample.root / "link.py").symlink_to("shop/price.py")
    head = sample.commit("both")
    history = sample.open().history()
    assert history.held(head, "inner/shop/price.py").kind == "submodule"
    assert history.held(head, "link.py").kind == "link"
    assert inner.root.is_dir()


def test_a_shallow_clone_says_where_it_ends(sample: Sample, tmp_path):
    sample.commit("second", other=b"1\n")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{sample.root}", str(clone)], env=GIT_ENV, check=True)
    history = Repository.open(clone).history()
    head = Repository.open(clone).head()
    assert history.shallow() == {head}
    assert history.blame(head, "shop/price.py", 1).id == head
    assert sample.open().history().shallow() == frozenset()


def test_hostile_settings_run_nothing(sample: Sample, tmp_path):
    marker = tmp_path / "marker"
    make_hostile(sample, marker)
    marker.unlink(missing_ok=True)
    head = sample.git("rev-parse", "HEAD")
    marker.unlink(missing_ok=True)
    history = sample.open().history()
    assert history.touches("shop/price.py", head).touches
    assert history.blame(head, "shop/price.py", 1)
    assert history.between(history.touches("README", head).touches[0].commit.id, head, ["shop/price.py"])
    assert list(history.contents([history.held(head, "shop/price.py").oid]))
    assert not marker.exists()


def test_a_command_that_does_not_end_is_ended_and_what_it_printed_is_kept(sample: Sample):
    began = time.monotonic()
    output = bounded.read(Runner(sample.root), "-c", "alias.hang=!echo early; sleep 60", "hang", seconds=0.5)
    assert (output.data, output.whole) == (b"early\n", False)
    assert time.monotonic() - began < 10
    endless = bounded.read(Runner(sample.root), "-c", "alias.pour=!yes", "pour", limit=1000)
    assert (len(endless.data), endless.whole) == (1000, False)


def test_what_is_checked_out_is_remembered_until_head_moves(sample: Sample):
    repository = sample.open()
    first = repository.current_head()
    assert first == sample.git("rev-parse", "HEAD")
    second = sample.commit("second", other=b"1\n")
    assert repository.current_head() == second
    sample.git("checkout", "-q", "--detach", first)
    assert repository.current_head() == first
    sample.git("checkout", "-q", "-b", "side")
    third = sample.commit("third", other=b"2\n")
    assert repository.current_head() == third
    sample.git("pack-refs", "--all")
    assert repository.current_head() == third
    sample.git("reset", "-q", "--hard", second)
    assert repository.current_head() == second


def test_remembering_starts_no_git(sample: Sample, monkeypatch: pytest.MonkeyPatch):
    repository = sample.open()
    head = repository.current_head()
    monkeypatch.setattr(Runner, "start", lambda *arguments, **options: pytest.fail("git was started"))
    assert repository.current_head() == head
