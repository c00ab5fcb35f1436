"""A new rule is a working one, and examples are tried for real: what does not fail, or is not repaired, is said."""

from __future__ import annotations

import importlib.util
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nexoide.errors import RefusedError, UsageError
from nexoide.heal.examples import Tried, examples
from nexoide.heal.new_rule import write_rule
from nexoide.repair import engine
from nexoide.repair.rules import own_rules
from nexoide.repair.rules.base import Example
from tests.unit.repair.programs import apply, fail, run


@pytest.fixture
def loaded() -> Iterator[Any]:
    """Load the rule of a file, under a name of its own."""
    names = []

    def load(path: Path, kind: str) -> Any:
        spec = importlib.util.spec_from_file_location(f"made_{len(names)}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        names.append(spec.name)
        spec.loader.exec_module(module)
        return getattr(module, kind)()

    yield load
    for name in names:
        del sys.modules[name]


def test_a_rule_begun_outside_is_a_package_with_an_entry_point_that_works(tmp_path: Path, loaded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = write_rule("quota-exceeded", tmp_path)
    package = tmp_path / "nexoide-rule-quota-exceeded"
    assert made.package == "nexoide-rule-quota-exceeded"
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["nexoide.rules"] == {"quota-exceeded": "nexoide_rule_quota_exceeded:QuotaExceeded"}
    compile((package / "tests" / "test_nexoide_rule_quota_exceeded.py").read_text(), "test", "exec")
    rule = loaded(package / "src" / "nexoide_rule_quota_exceeded" / "__init__.py", "QuotaExceeded")
    monkeypatch.setattr(engine, "rules", lambda: (rule,))
    example = rule.examples[0]
    program = tmp_path / "program"
    diagnosis = engine.diagnose(program, fail(program, {name: textwrap.dedent(text) for name, text in example.files.items()}), engine.Asking(only=rule.name))
    assert [item.rule for item in diagnosis.proposals] == ["quota-exceeded"]
    apply(program, diagnosis.proposals[0])
    assert run(program) == (example.prints, None)


def test_a_rule_begun_in_a_checkout_lies_beside_the_others(tmp_path: Path, loaded: Any) -> None:
    base = tmp_path / "nexoide" / "repair" / "rules" / "base.py"
    base.parent.mkdir(parents=True)
    base.write_text("")
    made = write_rule("quota-exceeded", tmp_path)
    assert [Path(file).relative_to(tmp_path).as_posix() for file in made.files] == [
        "nexoide/repair/rules/quota_exceeded.py",
        "tests/unit/repair/test_quota_exceeded.py",
    ]
    assert loaded(Path(made.files[0]), "QuotaExceeded").name == "quota-exceeded"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    write_rule("quota-exceeded", tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(RefusedError, match="is there already"):
        write_rule("quota-exceeded", tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=own_rules()[0].name):
        write_rule(own_rules()[0].name, tmp_path)


@pytest.mark.parametrize("name", ["", "Quota", "quota_exceeded", "-quota", "quota-", "a--b", "../x", "quota exceeded", "q" * 80])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name for a rule"):
        write_rule(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


async def tried(rule: str, example: Example) -> Tried:
    async with examples() as place:
        return await place.one(rule, example)


GOOD = {"main.py": "class Item:\n    def __init__(self):\n        self.length = 3\n\n\nprint(Item().lenght)\n"}


async def test_an_example_fails_is_repaired_and_prints_what_it_should() -> None:
    found = await tried("attribute-missing", Example(name="e", files=GOOD, prints="3\n"))
    assert found.ok, found.said
    assert found.error.startswith("AttributeError: ")
    assert "+print(Item().length)" in found.diff


@pytest.mark.parametrize(
    ("files", "prints", "said"),
    [
        ({"main.py": "print(3)\n"}, "3\n", "does not fail"),
        (GOOD, "4\n", "prints '3' and not '4'"),
        (GOOD, None, "where none is right"),
        ({"main.py": "raise AttributeError('no')\n"}, "3\n", "nothing is proposed"),
        ({"main.py": GOOD["main.py"] + "raise SystemExit(3)\n"}, "3\n", "ends with 3"),
        ({"../main.py": "print(3)\n"}, "3\n", "not a path inside"),
    ],
)
async def test_an_example_that_is_not_as_it_should_be_is_told(files: dict[str, str], prints: str | None, said: str) -> None:
    found = await tried("attribute-missing", Example(name="e", files=files, prints=prints))
    assert not found.ok
    assert said in found.said


async def test_where_no_patch_is_right_none_is() -> None:
    found = await tried("attribute-missing", Example(name="e", files={"main.py": "raise AttributeError('no')\n"}, prints=None))
    assert found.ok, found.said
