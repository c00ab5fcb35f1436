"""The settings of models: names of variables and never keys, addresses without users, the section's older name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nexoide
from nexoide.config import parse
from nexoide.errors import ConfigError
from nexoide.llm.settings import model_settings


def test_options_go_before_the_environment() -> None:
    environ = {
        "NEXOIDE_MODEL__NAME": "ollama/qwen3",
        "NEXOIDE_MODEL__BUDGET_USD_PER_DAY": "0.5",
        "NEXOIDE_SET_MODEL__NAME": "other",
        "NEXOIDE_SET_MODEL__TIMEOUT": "7",
        "NEXOIDE_MODEL__API_BASE": "",
    }
    found = model_settings(environ)
    assert (found.name, found.budget_usd_per_day, found.timeout, found.api_base) == ("ollama/qwen3", 0.5, 7.0, "")
    assert model_settings(environ, name="x", api_base="http://127.0.0.1:1/v1").api_base == "http://127.0.0.1:1/v1"
    assert model_settings({}).name == ""


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(ConfigError, match="NEXOIDE_MODEL__TIMEOUT"):
        model_settings({"NEXOIDE_MODEL__TIMEOUT": "soon"})
    with pytest.raises(ConfigError, match="NEXOIDE_MODEL__COLOUR"):
        model_settings({"NEXOIDE_MODEL__COLOUR": "red"})


@pytest.mark.parametrize(
    "section",
    [{"key_env": "sk-abcdef"}, {"api_base": "http://me:secret@host/v1"}, {"api_base": "host"}, {"name": "two words"}, {"key": "x"}, {"max_tokens": 1}],
)
def test_sections_that_cannot_be(section: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="model") as caught:
        parse({"model": section}, "nexoide.toml")
    assert "sk-abcdef" not in caught.value.sentence
    assert "secret" not in caught.value.sentence


def test_the_section_may_have_its_older_name() -> None:
    assert parse({"llm": {}}, "nexoide.toml").model.name == ""
    assert parse({"llm": {"model": "ollama/qwen3"}}, "nexoide.toml").model.name == "ollama/qwen3"
    with pytest.raises(ConfigError):
        parse({"llm": {"colour": "red"}}, "nexoide.toml")


def test_one_file_alone_imports_litellm() -> None:
    package = Path(nexoide.__file__).parent
    found = set()
    for path in package.rglob("*.py"):
        text = path.read_text()
        if "litellm" not in text:
            continue
        names = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
        imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom) and "litellm" in ast.unparse(node)]
        assert imports == [], path
        if "litellm" in names:
            found.add(path.relative_to(package).as_posix())
    assert found == {"llm/asking.py", "llm/process.py"}
