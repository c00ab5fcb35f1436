"""nexoide.toml as text: every key with what it is for, those that are not set commented out with their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel
    from tomlkit import TOMLDocument

    from nexoide.cli.suggest import Suggestion

_OPENING = """\
What nexoide supervises here, and how. Keys that are commented out show their defaults.
'nexoide up' starts it all, 'nexoide' opens the screen, 'nexoide down' ends it."""


def settings_text(name: str, suggestion: Suggestion | None) -> str:
    """Return a whole commented nexoide.toml; without a suggestion, its target is an example that is commented out."""
    import tomlkit

    from nexoide.config import HealthSettings, IncidentSettings, IngestSettings, ModelSettings, PolicySettings, RestartSettings, TargetSettings

    document = tomlkit.document()
    _comment(document, _OPENING)
    document.add(tomlkit.nl())
    _comment(document, "shown on the screen")
    document.add("name", tomlkit.item(name))
    if suggestion is None:
        document.add(tomlkit.nl())
        _comment(document, "A target is a program to supervise. Nothing that looks like one was found here: take the marks away and fill it in.")
        _section(document, "targets.app", TargetSettings, {}, {"command": "python3 app.py", "tests": "python3 -m pytest -q"}, live=False)
        _section(document, "targets.app.restart", RestartSettings, {}, {}, live=False)
        _section(document, "targets.app.health", HealthSettings, {}, {}, live=False)
    else:
        values = {"command": suggestion.command, **({"tests": suggestion.tests} if suggestion.tests else {})}
        document.add(tomlkit.nl())
        _comment(document, f"A target is a program to supervise. Suggested because {suggestion.because}.")
        _section(document, f"targets.{suggestion.name}", TargetSettings, values, {})
        _section(document, f"targets.{suggestion.name}.restart", RestartSettings, {}, {})
        _section(document, f"targets.{suggestion.name}.health", HealthSettings, {}, {})
    _section(document, "policy", PolicySettings, {"mode": "review"}, {})
    _section(document, "incidents", IncidentSettings, {}, {})
    _section(document, "ingest", IngestSettings, {}, {})
    _section(document, "model", ModelSettings, {}, {})
    return "".join(f"{line.rstrip()}\n" for line in tomlkit.dumps(document).splitlines())


def run_text(name: str, command: list[str], tests: list[str], extra: Mapping[str, Any]) -> str:
    """Return the settings of `nexoide run`: one target, started once, with `extra` keys."""
    import tomlkit

    document = tomlkit.document()
    _comment(document, "Written by 'nexoide run'; a nexoide.toml ('nexoide init') takes its place for good.")
    document.add("targets", tomlkit.item({name: {"command": command, "tests": tests, **extra, "restart": {"policy": "never"}}}))
    return tomlkit.dumps(document)


def _comment(document: TOMLDocument, text: str) -> None:
    import tomlkit

    for line in text.splitlines():
        document.add(tomlkit.comment(line))


def _inline(value: Any) -> str:
    """Return a default as TOML on one line."""
    import tomlkit

    if isinstance(value, dict):
        return "{}"
    return str(tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string())


def _section(document: TOMLDocument, title: str, model: type[BaseModel], values: Mapping[str, Any], examples: Mapping[str, Any], *, live: bool = True) -> None:
    """Add one table, every key with its description; nested models are left to sections of their own."""
    import tomlkit
    from pydantic import BaseModel as Model

    document.add(tomlkit.nl())
    lines = [f"[{title}]"]
    for key, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        if isinstance(default, Model):
            continue
        described = f"  # {field.description}"
        if key in values:
            lines.append(f"{key} = {tomlkit.item(values[key]).as_string()}{described}")
        else:
            shown = examples.get(key, default)
            lines.append(f"# {key} = {_inline(shown)}{described}")
    if not live:
        lines = [line if line.startswith("#") else f"# {line}" for line in lines]
    for name, item in tomlkit.parse("\n".join(lines) + "\n").body:
        document.add(name, item) if name is not None else document.add(item)
