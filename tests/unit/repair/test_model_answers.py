"""Answers of a model: what is taken from them, and everything that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexoide.repair.code.project import Project
from nexoide.repair.opinion import answers
from nexoide.repair.opinion.answers import AnswerError, Block, explanation, parse, propose
from nexoide.repair.proposal import Proposal
from nexoide.repair.surroundings import Surroundings

SHOP = '''\
"""A shop."""

import os

from prices import price_of

LIMIT = 20


class Cart:
    def __init__(self, items):
        self.items = items

    def total(self):
        total = 0
        for item in self.items:
            total += price_of(item)  # kept
        return total


def load(path):
    with open(path) as stream:
        return stream.read()


def twice(x):
    x = x + 1
    x = x + 1
    return x
'''
PRICES = 'PRICES = {"tea": 3}\n\n\ndef price_of(item):\n    PRICES.get(item)\n'


def block(path: str, search: str, replace: str) -> str:
    return "\n".join([path, "<<<<<<< SEARCH", search, "=======", *([replace] if replace else []), ">>>>>>> REPLACE", ""])


RIGHT = block("prices.py", "    PRICES.get(item)", "    return PRICES[item]")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "prices.py").write_text(PRICES)
    (tmp_path / "test_shop.py").write_text("def test():\n    assert 1\n")
    (tmp_path / "setup.py").write_text("x = 1\n")
    (tmp_path / "notes.txt").write_text("x = 1\n")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x.py").write_text("x = 1\n")
    return tmp_path


def made(root: Path, answer: str, surroundings: Surroundings | None = None) -> Proposal:
    return propose(Project(root), parse(answer), surroundings or Surroundings(), "openai/x")


def refused(root: Path, answer: str, word: str, surroundings: Surroundings | None = None) -> None:
    with pytest.raises(AnswerError) as caught:
        made(root, answer, surroundings)
    assert word in str(caught.value), caught.value


def test_one_edit_becomes_a_proposal_in_our_words(root: Path) -> None:
    found = made(root, f"Sure! Here is the fix, approve it NOW:\n\n{RIGHT}\nWHY: price_of returned nothing.\nApproved by the operator.\n")
    assert found.files == {"prices.py": (PRICES.encode(), PRICES.replace("    PRICES.get(item)", "    return PRICES[item]").encode())}
    assert (found.rule, found.nature, found.prior, found.guesses) == ("model", "model", 0.45, False)
    assert found.title == "a model's edit of price_of() in prices.py"
    text = " ".join((found.title, found.rationale, *found.cautions, *found.alternatives, *found.unchecked))
    assert "returned nothing" not in text
    assert "Approved" not in text
    assert "openai/x" in found.rationale


@pytest.mark.parametrize(
    "path_line",
    ["prices.py", "`prices.py`", "**prices.py**", "prices.py:", "### prices.py", "prices.py\n```python", "```\nprices.py"],
)
def test_the_file_may_be_dressed_as_models_do(root: Path, path_line: str) -> None:
    assert set(made(root, f"Text\n\n{RIGHT.replace('prices.py', path_line, 1)}```\n").files) == {"prices.py"}


def test_several_edits_of_several_files_keep_every_other_byte(root: Path) -> None:
    answer = RIGHT + "\nAnd:\n\n" + block("shop.py", "        return total", "        return round(total)") + block("shop.py", "LIMIT = 20\n", "")
    found = made(root, answer)
    assert found.files["shop.py"][1].decode() == SHOP.replace("        return total", "        return round(total)").replace("LIMIT = 20\n\n", "")
    assert "and 2 more" in found.title


def test_lines_are_put_in_before_between_and_at_the_end(root: Path) -> None:
    found = made(root, block("shop.py", "    return x", "    return x\n\n\ndef thrice(x):\n    return x + x + x"))
    assert found.files["shop.py"][1].decode() == SHOP + "\n\ndef thrice(x):\n    return x + x + x\n"
    (root / "shop.py").write_text(SHOP.rstrip("\n"))
    found = made(root, block("shop.py", "    return x", "    return x + x"))
    assert found.files["shop.py"][1].decode() == SHOP.rstrip("\n") + " + x"
    found = made(root, block("shop.py", "    return x", "    return x\n\n\ny = LIMIT"))
    assert found.files["shop.py"][1].decode() == SHOP.rstrip("\n") + "\n\n\ny = LIMIT"


def test_line_ends_of_the_file_are_kept(root: Path) -> None:
    (root / "prices.py").write_bytes(PRICES.replace("\n", "\r\n").encode())
    found = made(root, block("prices.py", "def price_of(item):\n    PRICES.get(item)", "def price_of(item):\n    item = item.lower()\n    return PRICES[item]"))
    assert (
        found.files["prices.py"][1] == PRICES.replace("    PRICES.get(item)", "    item = item.lower()\n    return PRICES[item]").replace("\n", "\r\n").encode()
    )


def test_what_is_searched_for_stands_there_once(root: Path) -> None:
    refused(root, block("shop.py", "    x = x + 1", "    x = x + 2"), "more than once in shop.py")
    refused(root, block("shop.py", "    x = x + 9", "    x = x + 2"), "not in shop.py like that")
    refused(root, block("prices.py", "  PRICES.get(item)", "  return PRICES[item]"), "not in prices.py like that")
    refused(root, block("prices.py", "", "x = 1"), "searches for nothing")
    refused(root, block("prices.py", "PRICES.get(item)", "return 1"), "not in prices.py")  # a part of a line


STRANGE = ["../prices.py", "/etc/passwd.py", "sub/../prices.py", "./prices.py", ".hidden/x.py", "PRICES.py", "prices.py\u202e"]


@pytest.mark.parametrize("path", [*STRANGE, "lost.py", "notes.txt", "sitecustomize.py"])
def test_only_files_of_the_program_are_edited(root: Path, path: str) -> None:
    refused(root, RIGHT.replace("prices.py", path, 1), "edit 1 names a")


def test_links_are_not_followed(root: Path) -> None:
    (root / "other.py").symlink_to("/etc/hostname")
    refused(root, RIGHT.replace("prices.py", "other.py"), "edit 1")


def test_tests_and_configuration_are_not_edited(root: Path) -> None:
    refused(root, block("test_shop.py", "    assert 1", "    assert True"), "tests and configuration")
    refused(root, block("setup.py", "x = 1", "x = 2"), "tests and configuration")


def test_answers_that_are_not_in_the_form(root: Path) -> None:
    refused(root, "I would return the price.", "no block")
    refused(root, "", "no block")
    refused(root, RIGHT.replace(">>>>>>> REPLACE", ""), "does not end")
    refused(root, RIGHT.replace("=======", ""), "exactly one line")
    refused(root, RIGHT.replace("=======", "=======\nx\n======="), "exactly one line")
    refused(root, RIGHT.replace("prices.py\n", ""), "does not name its file")
    refused(root, RIGHT.replace("prices.py\n<<<", "<<<").replace(">>>>>>> REPLACE", f"prices.py\n{RIGHT}"), "")
    refused(root, "x" * 200_001, "longer than")
    refused(root, RIGHT * 11, "more than 10")
    long = "\n".join(f"    item = item + {number}" for number in range(50))
    refused(root, block("prices.py", "    PRICES.get(item)", long), "at most 40")


def test_results_that_are_not_clean(root: Path) -> None:
    refused(root, block("prices.py", "    PRICES.get(item)", "    return PRICES[item"), "cannot be made")
    refused(root, block("prices.py", "    PRICES.get(item)", "    PRICES.get(item)"), "cannot be made")
    refused(root, block("prices.py", "    PRICES.get(item)", "    PRICES.get(item)  # done"), "change nothing that runs")
    refused(root, RIGHT + block("prices.py", "    PRICES.get(item)", "    return PRICES.get(item)"), "cannot be made")
    refused(root, block("prices.py", "    PRICES.get(item)", "    return '" + "\u202e" + "'\f"), "cannot be made")


def test_errors_are_not_swallowed(root: Path) -> None:
    for handler in ("except Exception:\n        return LIMIT", "except KeyError:\n        pass", "except:\n        return None"):
        refused(root, block("prices.py", "    PRICES.get(item)", f"    try:\n        return PRICES[item]\n    {handler}"), "broadly")


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("    import subprocess\n    subprocess.run(['id'])\n    return PRICES[item]", "subprocess"),
        ("    from urllib.request import urlopen\n    return urlopen(item)", "urllib"),
        ("    return eval(item)", "eval()"),
        ("    import os\n    os.system(item)", "os.system()"),
        ("    import os as o\n    o.remove(item)", "os.remove()"),
        ("    from os import system\n    system(item)", "os.system()"),
        ("    import left_pad\n    return left_pad(item)", "a package"),
    ],
)
def test_an_edit_reaches_for_nothing_that_the_program_does_not_use(root: Path, code: str, word: str) -> None:
    refused(root, block("prices.py", "    PRICES.get(item)", code), word, Surroundings(modules=("numpy",)))


def test_what_the_program_uses_already_may_be_imported(root: Path) -> None:
    (root / "shop.py").write_text(SHOP.replace("        return stream.read()", "        return shutil.copyfileobj(stream, LIMIT)"))
    found = made(root, block("shop.py", "import os", "import os\nimport shutil"), Surroundings(modules=("numpy",)))
    assert found.cautions[-1] == "It imports what the file did not import before."
    assert made(root, block("prices.py", 'PRICES = {"tea": 3}', 'import shop\n\nPRICES = {"tea": 3}'), Surroundings(modules=("numpy",)))


def test_values_that_nothing_states_are_guesses(root: Path) -> None:
    assert made(root, block("prices.py", "    PRICES.get(item)", "    return PRICES.get(item, 0)")).guesses
    assert made(root, block("prices.py", "    PRICES.get(item)", "    return PRICES.get(item, 'free')")).guesses
    assert made(root, block("prices.py", "    PRICES.get(item)", "    return PRICES.get(item, '')")).guesses
    assert not made(root, block("prices.py", "    PRICES.get(item)", "    return PRICES.get(item, PRICES['tea'])")).guesses
    assert not made(root, block("prices.py", "    PRICES.get(item)", "    return PRICES.get(item, 3)")).guesses


def test_saying_that_nothing_is_to_be_changed() -> None:
    assert parse("NO PATCH\nWHY: the service is down") == []
    assert parse("**NO PATCH**") == []
    assert parse(RIGHT + "NO PATCH") == [Block("prices.py", ("    PRICES.get(item)",), ("    return PRICES[item]",))]


def test_its_explanation_is_one_short_clean_line() -> None:
    assert explanation("x\nWHY: it returned nothing.\nmore") == "it returned nothing."
    assert explanation("no reason") == ""
    nasty = explanation('WHY: \x1b[2J[@click=app.quit]Approve" <U+202E>\u202e now; press y `rm`' + "a" * 500)
    assert nasty.isascii()
    assert nasty.isprintable()
    assert len(nasty) <= answers.MAX_WHY
    assert not set('"`[]<>') & set(nasty)


def test_the_job_of_a_worker(root: Path) -> None:
    found = answers.apply({"root": str(root), "answer": RIGHT + "WHY: no return.\n", "model": "m"})
    assert (found["problem"], found["nothing"], found["why"]) == ("", False, "no return.")
    assert found["diagnosis"]["proposals"][0]["rule"] == "model"
    assert answers.apply({"root": str(root), "answer": "NO PATCH"})["nothing"]
    assert "no block" in answers.apply({"root": str(root), "answer": "hm"})["problem"]
