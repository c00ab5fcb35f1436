"""Settings: nexoide.toml and the environment (NEXOIDE_…) as one typed model; every key is described where it stands."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from nexoide.errors import ConfigError


def _split(value: Any) -> Any:
    return tuple(shlex.split(value)) if isinstance(value, str) else value


Argv = Annotated[tuple[str, ...], BeforeValidator(_split)]


CATEGORIES = (
    "payload too large", "missing attribute", "timeout", "missing method", "auth", "rate limit", "wrong signature", "None",
    "missing key", "missing index", "missing name", "missing module", "missing file", "wrong value", "wrong type", "wrong encoding", "wrong JSON",
    "connection", "database", "disk", "permission", "memory", "recursion", "division by zero", "assertion", "syntax", "not implemented", "not awaited",
    "warning", "server error", "client error", "crash", "other",
)  # fmt: skip
"""The classes of incidents (`Category` of nexoide.model.incident, which settings do not import; a test holds the two together)."""


def _known_category(value: str) -> str:
    if value and value not in CATEGORIES:
        raise ValueError(f"{value[:60]!r} is no class of incidents: take one of {', '.join(CATEGORIES)}")
    return value


Category = Annotated[str, AfterValidator(_known_category)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RestartSettings(_Section):
    """When a target that ended is started again, and when that is given up."""

    policy: Literal["on-failure", "always", "never"] = Field("on-failure", description="when to start it again")
    max_starts: int = Field(5, ge=1, le=1000, description="starts within the window after which it is given up")
    window_seconds: float = Field(10.0, gt=0, description="the window, in seconds")


class HealthSettings(_Section):
    """How it is asked whether a target is well; of `http`, `tcp` and `command` each that is set must answer."""

    http: str = Field("", description="a URL that must answer with a status below 400, as http://127.0.0.1:8000/healthz")
    tcp: str = Field("", description="an address that must accept a connection, as 127.0.0.1:8000")
    command: Argv = Field((), description="a command that must end with exit code 0")
    interval: float = Field(10.0, ge=0.1, le=3600, description="seconds between two checks")
    timeout: float = Field(3.0, gt=0, le=600, description="seconds after which a check counts as failed")
    failures: int = Field(3, ge=1, le=1000, description="checks in a row that must fail before the target counts as unwell")
    start_seconds: float = Field(30.0, ge=0, le=3600, description="seconds after a start in which failed checks do not count")
    restart: bool = Field(False, description="restart it where it is unwell")

    @property
    def asked(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.http or self.tcp or self.command)

    @field_validator("http")
    @classmethod
    def _is_url(cls, value: str) -> str:
        try:
            url = urlsplit(value)
            right = not value or (url.scheme in {"http", "https"} and bool(url.hostname) and "@" not in url.netloc and url.port != 0)
        except ValueError:
            right = False
        if not right or not value.isprintable():
            raise ValueError("it must be a URL with http:// or https:// and a host, and without a user, as http://127.0.0.1:8000/healthz")
        return value

    @field_validator("tcp")
    @classmethod
    def _is_address(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not (host and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536 and value.isprintable()):
            raise ValueError("it must be a host and a port, as 127.0.0.1:8000")
        return value


class TargetSettings(_Section):
    """One supervised program."""

    command: Argv = Field(min_length=1, description="the program, as a string or a list; never given to a shell")
    cwd: str = Field(".", description="its folder, relative to the workspace")
    env: dict[str, str] = Field(default_factory=dict, description="added to its environment")
    tests: Argv = Field((), description="the command that tests it, run in the sandbox; empty: no tests")
    tests_timeout: float = Field(120.0, gt=0, le=3600, description="seconds after which the tests are stopped")
    logs: tuple[str, ...] = Field((), description="its log files or folders, as logs/*.log; failures in them reach the feed")
    output: bool = Field(True, description="read failures from what it prints, too")
    warnings: bool = Field(False, description="report warnings of its own code as failures of severity warning")
    after: tuple[str, ...] = Field((), description="targets that must run (and be well, where that is checked) before it is started")
    log_megabytes: int = Field(64, ge=1, le=100_000, description="how much of what it prints is kept on the disk, in MiB")
    replay: bool = Field(True, description="make a failed call again, with and without a patch, in a forked copy of the running program that can reach nothing")
    reload: bool = Field(False, description="take over Python files into the running program as they are saved")
    when: Literal["auto", "now", "quiescent", "next_start"] = Field("auto", description="when a change goes live: auto, now, quiescent or next_start")
    restart_on_refusal: bool = Field(False, description="restart it where something that was saved cannot be changed live")
    watch: tuple[str, ...] = Field((), description="other files it is told of, as config/*.toml: its on_reload callbacks run when one changes")
    check: Argv = Field((), description="checks such a file ({file}) before it is told; exit code 0: it is good")
    check_timeout: float = Field(10.0, gt=0, le=600, description="seconds after which that check is stopped")
    restart: RestartSettings = Field(default_factory=RestartSettings)
    health: HealthSettings = Field(default_factory=HealthSettings)


class PolicySettings(_Section):
    """Who decides, and what must be observed before an incident counts as resolved."""

    mode: Literal["review"] = Field("review", description="a human decides everything")
    probation_passes: int = Field(20, ge=1, description="executions of the healed lines without a recurrence")
    probation_seconds: float = Field(5.0, ge=0, description="seconds without a recurrence")


class IncidentRule(_Section):
    """What is done with failures that match: each of the first six that is set must, as a shell pattern (`*`, `?`, `[…]`)."""

    type: str = Field("", description="the exception's type, as TimeoutError or *Timeout*")
    message: str = Field("", description="its message")
    file: str = Field("", description="the file of the failing frame, relative to the workspace")
    function: str = Field("", description="the function of the failing frame")
    target: str = Field("", description="the target")
    logger: str = Field("", description="the logger")
    group: str = Field("", description="all that match are one incident, of this name")
    by: Literal["", "message", "route", "target", "caller"] = Field("", description="what else tells incidents apart")
    ignore: bool = Field(False, description="count them, and trouble nobody with them")
    category: Category = Field("", description="the class that they are of, as 'rate limit'")
    severity: Literal["", "warning", "error", "critical"] = Field("", description="how bad they are")


class IncidentSettings(_Section):
    """What is an incident, and which failures are one."""

    rules: tuple[IncidentRule, ...] = Field(
        (),
        description="[[incidents.rules]] tables, the first that matches counts: type, message, file, function, target, logger say which failures "
        "(with * and ?), and group, by, ignore, category, severity what becomes of them",
    )
    log_errors: bool = Field(True, description="records of level ERROR and above count as failures also where they carry no traceback")


class IngestSettings(_Section):
    """Where programs that nexoide did not start report failures: sentry-sdk's envelopes and plain JSON, on the loopback interface."""

    enabled: bool = Field(True, description="listen on 127.0.0.1; 'nexoide status --json' names the DSN")
    port: int = Field(0, ge=0, le=65535, description="the port; 0: any that is free, kept for the next start")


class ModelSettings(_Section):
    """A language model that may propose where the rules find nothing sure; nothing is sent anywhere while `name` is empty."""

    name: str = Field("", max_length=200, description="a litellm model string, as anthropic/claude-sonnet-4-5 or ollama/qwen3; empty: none")
    api_base: str = Field("", description="the address of a server of your own, as http://127.0.0.1:8080/v1")
    key_env: str = Field("", description="the NAME of the variable that holds the key, never the key; empty: the provider's usual one, and none with api_base")
    enabled: bool = Field(True, description="ask it")
    timeout: float = Field(90.0, ge=1, le=900, description="seconds for one answer, retries included")
    max_tokens: int = Field(4000, ge=64, le=64_000, description="tokens that one answer may have")
    questions_per_incident: int = Field(2, ge=1, le=10, description="questions for one incident, answers that cannot be used included")
    budget_tokens_per_hour: int = Field(200_000, ge=0, description="tokens within an hour, both ways")
    budget_usd_per_day: float = Field(1.0, ge=0, description="dollars within 24 hours, where the price is known; 0: only what costs nothing")

    @field_validator("name")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if not value.isprintable() or " " in value:
            raise ValueError("it must be a litellm model string without spaces, as anthropic/claude-sonnet-4-5")
        return value

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, value: str) -> str:
        try:
            url = urlsplit(value)
            right = not value or (url.scheme in {"http", "https"} and bool(url.hostname) and "@" not in url.netloc and url.port != 0)
        except ValueError:
            right = False
        if not right or not value.isprintable():
            raise ValueError("it must be a URL with http:// or https:// and a host, and without a user, as http://127.0.0.1:8080/v1")
        return value

    @field_validator("key_env")
    @classmethod
    def _is_variable(cls, value: str) -> str:
        if value and not (value.isascii() and value.isidentifier() and len(value) <= 80):
            raise ValueError("it must be the name of an environment variable, as OPENAI_API_KEY, and never a key itself")
        return value


class Settings(BaseSettings):
    """Everything that can be set; the file wins over the environment, the environment over the defaults."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="NEXOIDE_SET_", env_nested_delimiter="__")

    name: str = Field("", description="shown on the screen; default: the folder's name")
    targets: dict[str, TargetSettings] = Field(default_factory=dict)
    policy: PolicySettings = Field(default_factory=PolicySettings)
    incidents: IncidentSettings = Field(default_factory=IncidentSettings)
    ingest: IngestSettings = Field(default_factory=IngestSettings)
    model: ModelSettings = Field(default_factory=ModelSettings)

    @model_validator(mode="before")
    @classmethod
    def _read_older(cls, raw: Any) -> Any:
        """Take `[llm] model`, as the section was called before, for `[model] name`."""
        if isinstance(raw, dict) and isinstance(raw.get("llm"), dict) and set(raw["llm"]) <= {"model"}:
            older = raw["llm"].get("model", "")
            raw = {key: value for key, value in raw.items() if key != "llm"}
            if older:
                raw.setdefault("model", {"name": older})
        return raw

    @model_validator(mode="after")
    def _can_be_ordered(self) -> Self:
        problem = _out_of_order({name: target.after for name, target in self.targets.items()})
        if problem:
            raise ValueError(problem)
        return self

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


def _out_of_order(after: dict[str, tuple[str, ...]]) -> str:
    """Return why targets cannot be started one after the other as they ask for, or "" where they can."""
    for name, earlier in after.items():
        unknown = next((other for other in earlier if other not in after), None)
        if unknown is not None:
            return f"targets.{name[:64]}.after names {unknown[:64]!r}, and there is no such target; there are: {', '.join(sorted(after))[:400]}"
    left = dict(after)
    while left:
        ready = [name for name, earlier in left.items() if not any(other in left for other in earlier)]
        if not ready:
            return f"the targets {_cycle(left)} wait for each other (targets.*.after), so that none could ever start"
        for name in ready:
            del left[name]
    return ""


def _cycle(after: dict[str, tuple[str, ...]]) -> str:
    name, path = next(iter(after)), list[str]()
    while name not in path:
        path.append(name)
        name = next(other for other in after[name] if other in after)
    return " → ".join([*path[path.index(name) :], name][:20])


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
        raise ConfigError(f"{where}: {key}: {first['msg'].removeprefix('Value error, ')}; mend it there ('nexoide init --print' shows every key).") from error
