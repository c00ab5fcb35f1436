from __future__ import annotations

import subprocess
import sys
import time

import pytest

from nexoide.errors import RepositoryError, UnavailableError
from nexoide.vcs.runner import GitError, Runner, reason
from tests.support.repositories import make_sample


@pytest.fixture
def sample(tmp_path):
    return make_sample(tmp_path / "shop")


def test_bytes_go_in_and_come_out_unchanged(sample):
    data = bytes(range(256)) + b"\r\n\n"
    runner = Runner(sample.root)
    oid = runner.run("hash-object", "-w", "--no-filters", "--stdin", stdin=data).text
    assert runner.run("cat-file", "blob", oid).stdout == data


def test_a_failing_command_says_why_and_what_to_do(sample):
    with pytest.raises(GitError, match=r"git cat-file failed \(.*nope.*\), so nothing was done: see") as caught:
        Runner(sample.root).run("cat-file", "-t", "nope")
    assert caught.value.returncode == 128


def test_an_accepted_status_is_returned(sample):
    assert Runner(sample.root).run("symbolic-ref", "-q", "refs/none", accept=(0, 1)).returncode == 1


def test_a_hanging_command_is_ended(sample):
    begun = time.monotonic()
    with pytest.raises(GitError, match=r"did not finish within 0\.3 s"):
        Runner(sample.root).run("-c", "alias.hang=!sleep 60", "hang", timeout=0.3)
    assert time.monotonic() - begun < 10


def test_inherited_variables_name_no_other_repository(sample, tmp_path, monkeypatch):
    other = make_sample(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", "/nonexistent/index")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
    assert Runner(sample.root).run("rev-parse", "--show-toplevel").text == str(sample.root)
    assert Runner(sample.root).run("ls-files").text == "README\nshop/notes.txt\nshop/price.py"


def test_the_operators_settings_count_only_where_asked_for(sample, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[some]\n\tkey = value\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    runner = Runner(sample.root)
    assert runner.run("config", "some.key", accept=(0, 1)).text == ""
    assert runner.run("config", "some.key", operator_config=True).text == "value"


def test_a_vanished_folder_is_named(tmp_path):
    with pytest.raises(RepositoryError, match="no longer there"):
        Runner(tmp_path / "gone").run("version")


def test_without_git_the_sentence_says_so(sample):
    code = (
        "import os; os.environ['PATH'] = '/nonexistent'\n"
        "from pathlib import Path\nfrom nexoide.vcs.runner import Runner\nfrom nexoide.errors import UnavailableError\n"
        "try:\n    Runner(Path('/')).run('version')\nexcept UnavailableError as error:\n    print(error.sentence)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "git is not installed" in done.stdout
    assert UnavailableError.exit_code == 5


def test_the_reason_is_one_printable_line():
    assert reason("warning: x\nfatal: bad \x1b[2J thing.\nhint: y\n") == "bad ?[2J thing"
    assert reason("") == "it said nothing"


def test_importing_the_room_does_not_import_gitpython():
    code = "import sys, nexoide.vcs.repository; print([name for name in ('git', 'gitdb', 'libcst', 'pydantic') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
