"""What the journal says of a span of time: what failed most, since when and after what, where, how fast it was mended."""

from __future__ import annotations

from dataclasses import dataclass, field

from nexoide.model.incident import Category, IncidentState

TEST = (
    "Exact conditional test of two Poisson rates (binomial, two-sided), with counts divided by their index of dispersion "
    "(Pearson's chi-squared over its degrees of freedom, in 24 spans of each window, where above 1), because failures come in bursts."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How often something happened in the window and in the one before it.

    `ratio` is the rate now over the rate before (None: nothing happened before, or it was not watched), `p` the probability of
    so great a difference, or a greater one, between equal rates (None: nothing to compare with), `dispersion` what counts were
    divided by. `word` is up, down, level or unknown, at p < 0.01.
    """

    now: int
    before: int
    ratio: float | None = None
    p: float | None = None
    dispersion: float = 1.0
    word: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that was changed: a deployment, a reload or a commit (`kind`), when, and what it was called."""

    kind: str
    id: str
    at: float
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPattern:
    """How one incident behaved in the window; `share` is its part of all failures, `after` the last change before it began."""

    id: str
    state: IncidentState
    category: Category
    error_class: str
    where: str
    count: int
    share: float
    trend: Trend
    first_at: float
    last_at: float
    new: bool = False
    regression: bool = False
    noisy: bool = False
    route: str = ""
    requests: int = 0
    after: Change | None = None
    after_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePattern:
    """What one route of a target did in the window: requests, failed ones, and latencies in milliseconds (upper bounds of buckets)."""

    target: str
    route: str
    requests: int
    errors: int
    client_errors: int
    error_rate: float
    p50_ms: float
    p95_ms: float
    max_ms: float
    trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairTime:
    """How long incidents of a class (empty: all) that were resolved in the window had been open, in seconds."""

    category: str
    resolved: int
    median: float
    mean: float
    longest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPattern:
    """How one target did in the window.

    `watched` is for how many seconds a supervisor was there to see it, `up` for how many of them it ran; `uptime` is their ratio
    (None: it was not watched). `unhealthy` counts the seconds in which it ran and its health checks failed.
    """

    name: str
    state: str
    watched: float
    up: float
    uptime: float | None
    restarts: int
    failures: int = 0
    given_up: int = 0
    unhealthy: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What `nexoide analyze` says; times are wall seconds.

    Lists begin with what matters most and have at most 50 entries; `failing` counts all incidents that failed. `note` says what
    could not be told.
    """

    began: float
    ended: float
    recorded_since: float
    events: int
    failures: Trend
    failing: int = 0
    test: str = TEST
    sentences: tuple[str, ...] = ()
    incidents: tuple[IncidentPattern, ...] = ()
    routes: tuple[RoutePattern, ...] = ()
    repair: tuple[RepairTime, ...] = ()
    targets: tuple[TargetPattern, ...] = ()
    classes: dict[str, int] = field(default_factory=dict)
    note: str = ""
