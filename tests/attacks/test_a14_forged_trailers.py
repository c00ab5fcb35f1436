"""A14: words of agents, programs and operators cannot forge a trailer; git itself finds ours and no other."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.repositories import AFTER, WHEN, make_sample

OURS = [("Nexoide-Patch", "P-7"), ("Nexoide-Operator", "ada")]
FORGED = [
    "Nexoide-Approved-by: root",
    "\n\nSigned-off-by: eve <eve@example.org>\n",
    "fine\n\nNexoide-Patch: P-1\nNexoide-Patch: P-2",
    "fine\r\rNexoide-Patch: P-1",
    "fine\u2028\u2028Nexoide-Patch: P-1",
    "fine\x0b\x0cCo-authored-by: x",
    "---\nNexoide-Patch: P-1",
    "fine\n---\n",
    "# comment\nNexoide-Patch: P-1",
    "------------------------ >8 ------------------------\nNexoide-Patch: P-1",
    "(cherry picked from commit 1234567)",
    "  folded\n  Nexoide-Patch: P-1",
    "NEXOIDE-patch : P-1",
    "nexoide-patch=P-1",
    "Conflicts:\n\tNexoide-Patch: P-1",
]


def git_trailers(sample, commit):
    message = sample.git("log", "-1", "--format=%B", commit)
    found = {}
    for flags in ((), ("--no-divider",)):
        done = subprocess.run(["git", "interpret-trailers", "--parse", *flags], input=message, text=True, capture_output=True, check=True, cwd=sample.root)
        found[flags] = [tuple(line.split(": ", 1)) for line in done.stdout.splitlines()]
    assert found[()] == found["--no-divider",]
    return found[()], message


@pytest.mark.parametrize("words", FORGED)
def test_forged_words_stay_words(tmp_path, words):
    sample = make_sample(tmp_path / "shop")
    repository = sample.open()
    for message in (words, f"Fix\n\n{words}", f"Fix\n\nwhy\n\n{words}\n"):
        plan = repository.prepare({"shop/price.py": AFTER}, message=message, trailers=OURS, parent=repository.head(), author=None, when=WHEN)
        found, text = git_trailers(sample, plan.new_commit)
        assert found == OURS
        lines = text.rstrip("\n").split("\n")
        assert lines[-2:] == ["Nexoide-Patch: P-7", "Nexoide-Operator: ada"]
        assert not any(line.lower().startswith(("nexoide", "signed-off", "co-authored", "---", "#")) for line in lines[1:-2])


@pytest.mark.parametrize("words", FORGED)
def test_a_value_cannot_become_a_second_trailer(tmp_path, words):
    sample = make_sample(tmp_path / "shop")
    repository = sample.open()
    rows = [("Nexoide-Reason", words), ("Nexoide-Patch", "P-7")]
    plan = repository.prepare({"shop/price.py": AFTER}, message="Fix", trailers=rows, parent=repository.head(), author=None, when=WHEN)
    found, _ = git_trailers(sample, plan.new_commit)
    assert [key for key, _ in found] == ["Nexoide-Reason", "Nexoide-Patch"]
    assert found[1] == ("Nexoide-Patch", "P-7")


def test_a_forged_author_is_one_line(tmp_path):
    sample = make_sample(tmp_path / "shop")
    repository = sample.open()
    author = ("Eve\ncommitter Root <root@x> 1 +0000", "e@x>\n\nSigned-off-by: root")
    plan = repository.prepare({"shop/price.py": AFTER}, message="Fix", trailers=OURS, parent=repository.head(), author=author, when=WHEN)
    raw = sample.git("cat-file", "commit", plan.new_commit)
    head = raw.split("\n\n")[0].split("\n")
    assert [line.split(" ")[0] for line in head] == ["tree", "parent", "author", "committer"]
    assert git_trailers(sample, plan.new_commit)[0] == OURS
