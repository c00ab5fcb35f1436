from __future__ import annotations

import pytest

from nexoide.errors import RepositoryError
from tests.support.repositories import AFTER, make_sample

PATH = "shop/price.py"


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def refused(sample, *paths):
    with pytest.raises(RepositoryError) as caught:
        sample.open().require_clean(paths or (PATH,))
    return caught.value.sentence


def test_clean_files_and_absent_ones_pass(sample):
    sample.open().require_clean([PATH, "shop/notes.txt", "shop/not/yet.py"])


def test_edits_elsewhere_are_nobodys_business(sample):
    sample.write("shop/notes.txt", b"two\n")
    sample.write("scratch.py", b"x\n")
    sample.git("add", "shop/notes.txt")
    sample.open().require_clean([PATH])


def test_an_edit_with_the_same_size_and_time_is_seen(sample):
    import os

    target = sample.root / PATH
    before = target.stat()
    data = target.read_bytes()
    target.write_bytes(data.replace(b"total", b"t0tal"))
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "has uncommitted edits" in refused(sample)


def test_each_state_is_named(sample):
    sample.write(PATH, AFTER)
    assert "shop/price.py has uncommitted edits" in refused(sample)
    sample.git("add", PATH)
    assert "has staged changes" in refused(sample)
    sample.git("checkout", "-q", "HEAD", PATH)
    (sample.root / PATH).unlink()
    assert "is missing from the work tree" in refused(sample)
    sample.git("checkout", "-q", "HEAD", PATH)
    sample.git("rm", "-q", "--cached", PATH)
    assert "is staged for deletion" in refused(sample)


def test_new_files_in_the_way_are_named(sample):
    sample.write("new.py", b"x\n")
    assert "new.py is not tracked" in refused(sample, "new.py")
    sample.git("add", "new.py")
    assert "newly added" in refused(sample, "new.py")


def test_all_files_are_listed_in_one_sentence(sample):
    sample.write(PATH, AFTER)
    sample.write("shop/notes.txt", b"two\n")
    sentence = refused(sample, PATH, "shop/notes.txt")
    assert PATH in sentence
    assert "shop/notes.txt" in sentence
    assert sentence.endswith("commit, stash or undo that, then try again.")


def test_an_executable_file_is_refused(sample):
    sample.git("update-index", "--chmod=+x", PATH)
    sample.git("commit", "-q", "-m", "x")
    assert "is executable in git" in refused(sample)


def test_an_unresolved_conflict_is_named(sample):
    oid = sample.git("rev-parse", f"HEAD:{PATH}")
    rows = f"0 {'0' * 40}\t{PATH}\n" + "".join(f"100644 {oid} {stage}\t{PATH}\n" for stage in (1, 2, 3))
    sample.git("update-index", "--index-info", stdin=rows.encode())
    assert "unresolved merge conflict" in refused(sample)


def test_a_folder_in_the_files_place_is_named(sample):
    (sample.root / PATH).unlink()
    (sample.root / PATH).mkdir()
    assert "shop/price.py" in refused(sample)
