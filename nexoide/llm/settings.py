"""The settings of a model where there is no workspace: options first, then the environment (NEXOIDE_MODEL__NAME and so on)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from nexoide.config import ModelSettings
from nexoide.errors import ConfigError

PREFIXES = ("NEXOIDE_SET_MODEL__", "NEXOIDE_MODEL__")
"""The first is how a workspace's settings are set from the environment; the second is shorter and goes before it."""


def model_settings(environ: Mapping[str, str], *, name: str = "", api_base: str = "") -> ModelSettings:
    """Return the settings; `name` and `api_base` are what was given as options. Raises ConfigError, naming the variable that is wrong."""
    found: dict[str, str] = {}
    for prefix in PREFIXES:
        found |= {key.removeprefix(prefix).lower(): value for key, value in environ.items() if key.startswith(prefix) and value}
    found |= {key: value for key, value in (("name", name), ("api_base", api_base)) if value}
    try:
        return ModelSettings.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "name"
        raise ConfigError(f"NEXOIDE_MODEL__{key.upper()[:40]}: {first['msg'].removeprefix('Value error, ')}; mend it in the environment.") from error
