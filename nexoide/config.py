"""Settings: nexoide.toml and the environment (NEXOIDE_…) as one typed model; every key is described where it stands."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from nexoide.errors import ConfigError


def _split(value: Any) -> Any:
    return tuple(shlex.split(value)) if isinstance(value, str) else value


Argv = Annotated[tuple[str, ...], BeforeValidator(_split)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RestartSettings(_Section):
    """When a target that ended is started again, and when that is given up."""

    policy: Literal["on-failure", "always", "never"] = Field("on-failure", description="when to start it again")
    max_starts: int = Field(5, ge=1, le=1000, description="starts within the window after which it is given up")
    window_seconds: float = Field(10.0, gt=0, description="the window, in seconds")


class TargetSettings(_Section):
    """One supervised program."""

    command: Argv = Field(min_length=1, description="the program, as a string or a list; never given to a shell")
    cwd: str = Field(".", description="its folder, relative to the workspace")
    env: dict[str, str] = Field(default_factory=dict, description="added to its environment")
    tests: Argv = Field((), description="the command that tests it, run in the sandbox; empty: no tests")
    tests_timeout: float = Field(120.0, gt=0, le=3600, description="seconds after which the tests are stopped")
    logs: tuple[str, ...] = Field((), description="log files, relative to the workspace; kept for later, not read yet")
    reload: bool = Field(False, description="take over Python files into the running program as they are saved")
    when: Literal["auto", "now", "quiescent", "next_start"] = Field("auto", description="when a change goes live: auto, now, quiescent or next_start")
    restart_on_refusal: bool = Field(False, description="restart it where something that was saved cannot be changed live")
    watch: tuple[str, ...] = Field((), description="other files it is told of, as config/*.toml: its on_reload callbacks run when one changes")
    check: Argv = Field((), description="checks such a file ({file}) before it is told; exit code 0: it is good")
    check_timeout: float = Field(10.0, gt=0, le=600, description="seconds after which that check is stopped")
    restart: RestartSettings = Field(default_factory=RestartSettings)


class PolicySettings(_Section):
    """Who decides, and what must be observed before an incident counts as resolved."""

    mode: Literal["review"] = Field("review", description="a human decides everything")
    probation_passes: int = Field(20, ge=1, description="executions of the healed lines without a recurrence")
    probation_seconds: float = Field(5.0, ge=0, description="seconds without a recurrence")


class LlmSettings(_Section):
    """Language models; nothing is sent anywhere while `model` is empty, and no key is ever written here."""

    model: str = Field("", description="a litellm model string; kept for later, repair is by rules alone yet")


class Settings(BaseSettings):
    """Everything that can be set; the file wins over the environment, the environment over the defaults."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="NEXOIDE_SET_", env_nested_delimiter="__")

    name: str = Field("", description="shown on the screen; default: the folder's name")
    targets: dict[str, TargetSettings] = Field(default_factory=dict)
    policy: PolicySettings = Field(default_factory=PolicySettings)
    llm: LlmSettings = Field(default_factory=LlmSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the file (given as keywords) first, then the environment; never a .env file of a supervised project."""
        return (init_settings, env_settings)


def load(path: Path) -> Settings:
    """Return the settings of one file; raises ConfigError, naming the key and the fix, where it cannot be."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist: run 'nexoide init' to write one.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read ({error}): mend its permissions or its encoding (UTF-8).") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    return parse(raw, str(path))


def parse(raw: dict[str, Any], where: str) -> Settings:
    """Return settings from decoded TOML; raises ConfigError naming the first wrong key."""
    try:
        return Settings(**raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ConfigError(f"{where}: {key}: {first['msg']}; mend it there ('nexoide init --print' shows every key).") from error
