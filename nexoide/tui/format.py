"""Numbers and times as people read them, and when what was shown will read differently."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

_BARS = "▁▂▃▄▅▆▇█"
SPARK_SECONDS = 6
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800)


def age(seconds: float) -> str:
    """Return a duration in at most two units: 9s, 2m, 3h12m, 4d."""
    whole = max(0, int(seconds)) if math.isfinite(seconds) else 0
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m"
    if whole < 86400:
        return f"{whole // 3600}h{whole // 60 % 60:02d}m"
    return f"{whole // 86400}d"


def span(seconds: int) -> str:
    """Return a round duration in words: 6 s, 5 min, 2 h, 1 d."""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def age_changes_in(seconds: float) -> float:
    """Return after how many seconds `age` of a running duration reads differently."""
    step = 1.0 if seconds < 60 else 60.0
    return step - (max(0.0, seconds) % step)


def milliseconds(value: float) -> str:
    """Return a measured time: 4 ms, 1.2 s, 2m; empty where nothing was measured."""
    if value <= 0:
        return ""
    if value < 1:
        return "<1 ms"
    if value < 1000:
        return f"{value:.0f} ms"
    if value < 60_000:
        return f"{value / 1000:.1f} s"
    return age(value / 1000)


def count(value: int) -> str:
    """Return a count in at most four characters: 38, 1.2k, 3M."""
    if value < 1000:
        return str(value)
    for factor, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= factor:
            part = value / factor
            return f"{part:.1f}{unit}" if part < 10 else f"{min(part, 9999):.0f}{unit}"
    return str(value)


def clock(at: float) -> str:
    """Return the local time of day of wall seconds; dashes where there is no such time."""
    try:
        return time.strftime("%H:%M:%S", time.localtime(at))
    except (OverflowError, ValueError, OSError):
        return "--:--:--"


def moment(at: float, now: float) -> str:
    """Return wall seconds as a time of day, with the date where that is not the day of `now`."""
    try:
        then, today = time.localtime(at), time.localtime(now)
        return time.strftime("%H:%M:%S" if then[:3] == today[:3] else "%Y-%m-%d %H:%M", then)
    except (OverflowError, ValueError, OSError):
        return "--:--:--"


def sparkline(buckets: dict[int, int], now: float, width: int) -> str:
    """Return the rate of the last `width` spans of six seconds, each as one bar, the newest last."""
    newest = int(now) // SPARK_SECONDS
    bars = [0] * width
    for second, added in buckets.items():
        place = width - 1 - (newest - second // SPARK_SECONDS)
        if 0 <= place < width:
            bars[place] += added
    top = max(bars, default=0)
    if top == 0:
        return _BARS[0] * width
    return "".join(_BARS[min(7, math.ceil(7 * value / top))] for value in bars)


def sparkline_changes_in(buckets: dict[int, int], now: float, width: int) -> float:
    """Return after how many seconds the sparkline moves on; infinite where it is flat already."""
    last = max(buckets, default=0)
    if int(now) // SPARK_SECONDS - last // SPARK_SECONDS >= width:
        return math.inf
    return SPARK_SECONDS - (now % SPARK_SECONDS)


@dataclass(frozen=True, slots=True)
class Trend:
    """Rates over a span: one bar for each `step` seconds, the newest last; `highest` is what the tallest bar stands for."""

    bars: str
    step: int
    highest: int
    began: float


def trend(buckets: dict[int, int], began: float, now: float, width: int) -> Trend:
    """Return what happened since `began` (wall seconds) in at most `width` bars, each as long as it must be."""
    width = max(1, width)
    newest = int(now)
    oldest = max(0, min(int(began), newest)) if math.isfinite(began) else newest
    step = next((step for step in _STEPS if newest // step - oldest // step < width), 2 * _STEPS[-1])
    while newest // step - oldest // step >= width:
        step *= 2
    first, last = oldest // step, newest // step
    bars = [0] * (last - first + 1)
    for second, added in buckets.items():
        if first <= second // step <= last:
            bars[second // step - first] += added
    top = max(bars)
    drawn = "".join(_BARS[min(7, math.ceil(7 * value / top))] for value in bars) if top else _BARS[0] * len(bars)
    return Trend(drawn, step, top, float(first * step))


def plural(number: int, word: str, words: str = "") -> str:
    """Return a count with its noun, whose plural is `words` where an s does not make it."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {words or word + 's'}"
